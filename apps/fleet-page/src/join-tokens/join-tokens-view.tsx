import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { joinTokenState, type ShownJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import type { Chip } from '../format/node-chips.js';
import { useEvents } from '../live/use-events.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { StateChip } from '../ui/chip.js';
import { Dialog } from '../ui/dialog.js';
import { now } from '../ui/now.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { Ago, Day } from '../ui/time.js';
import { useTitle } from '../ui/title.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';
import { CreateDialog } from './create-dialog.js';
import { MadeDialog } from './made-dialog.js';

/** What admits new nodes. */
export function JoinTokensView(): JSX.Element {
  useTitle('Join tokens');
  const tokens = useLoaded('join-tokens', () => server.listJoinTokens());
  const [isCreating, setIsCreating] = useState(false);
  const [made, setMade] = useState<{ joinToken: string; record: ShownJoinToken }>();
  const [revoked, setRevoked] = useState<ShownJoinToken>();
  useEvents((events) => {
    if (events.length === 0 || events.some(({ kind }) => kind === 'node-registered' || kind.startsWith('join-token-')))
      void tokens.reload();
  });
  const create = (
    <Button look="p" icon="plus" onClick={() => setIsCreating(true)}>
      Create join token
    </Button>
  );
  const newestFirst = tokens.value?.toReversed() ?? [];
  return (
    <>
      <div class="head">
        <div>
          <h1>Join tokens</h1>
          <p class="lead">
            A device shows a join token once, when it enrols. After that it has its own node token, and the join token
            can be removed from it.
          </p>
        </div>
        <div class="acts">{create}</div>
      </div>
      {tokens.error !== undefined && <Problem error={tokens.error} />}
      {!tokens.value && tokens.error === undefined && <Skeleton lines={5} />}
      {tokens.value?.length === 0 && (
        <div class="box empty">
          <h2>No join tokens yet</h2>
          <p class="muted">
            Create one, set its two variables on your devices, and they appear under Nodes within seconds.
          </p>
        </div>
      )}
      {newestFirst.length > 0 && <TokensTable tokens={newestFirst} onRevoke={setRevoked} />}
      {isCreating && (
        <CreateDialog
          onCreated={(created) => {
            setIsCreating(false);
            setMade(created);
            void tokens.reload();
          }}
          onClose={() => setIsCreating(false)}
        />
      )}
      {made && (
        <MadeDialog
          joinToken={made.joinToken}
          record={tokens.value?.find(({ id }) => id === made.record.id) ?? made.record}
          onClose={() => setMade(undefined)}
        />
      )}
      {revoked && (
        <RevokeDialog token={revoked} onDone={() => void tokens.reload()} onClose={() => setRevoked(undefined)} />
      )}
    </>
  );
}

function titleOf({ description, id }: ShownJoinToken): string {
  return description ?? `Join token ${id}`;
}

const chips: Readonly<Record<ReturnType<typeof joinTokenState>, Chip>> = {
  usable: { tone: 'ok', icon: 'ok', word: 'Valid' },
  expired: { tone: 'off', icon: 'wait', word: 'Expired' },
  used: { tone: 'off', icon: 'off', word: 'Used up' },
  revoked: { tone: 'off', icon: 'lock', word: 'Revoked' },
};

interface TokensTableProps {
  tokens: readonly ShownJoinToken[];
  onRevoke: (token: ShownJoinToken) => void;
}

function TokensTable({ tokens, onRevoke }: TokensTableProps): JSX.Element {
  return (
    <div class="box">
      <table class="cards" role="table">
        <caption class="vh">Join tokens, the newest first</caption>
        <thead role="rowgroup">
          <tr role="row">
            {['Name', 'State', 'Used', 'Valid until'].map((title) => (
              <th scope="col" role="columnheader" key={title}>
                {title}
              </th>
            ))}
            <th scope="col" role="columnheader" class="p2">
              New nodes
            </th>
            <th scope="col" role="columnheader" class="p3">
              Labels
            </th>
            <th scope="col" role="columnheader" class="p2">
              Created
            </th>
            <th scope="col" role="columnheader">
              <span class="vh">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {tokens.map((token) => {
            const state = joinTokenState(token, now.value);
            return (
              <tr role="row" key={token.id}>
                <td role="cell" class="full">
                  <b>
                    <bdi>{titleOf(token)}</bdi>
                  </b>{' '}
                  <code class="muted">bjt_{token.id}…</code>
                </td>
                <td role="cell">
                  <StateChip {...chips[state]} />
                </td>
                <td role="cell" class="nowrap" data-l="Used">
                  {token.usedCount} of {token.maxUses}
                </td>
                <td role="cell" class="nowrap" data-l="until">
                  <Day atMs={token.expiresAtMs} />
                </td>
                <td role="cell" class="p2">
                  {token.requiresApproval ? 'Approve by code' : 'Accept at once'}
                </td>
                <td role="cell" class="p3 full">
                  <span class="tags">
                    {Object.entries(token.labels ?? {}).map(([key, value]) => (
                      <bdi class="tag" key={key}>
                        {key}={value}
                      </bdi>
                    ))}
                  </span>
                </td>
                <td role="cell" class="p2 nowrap drop" data-l="Created">
                  <Ago atMs={token.createdAtMs} />
                </td>
                <td role="cell" class="num act">
                  {state === 'usable' && (
                    <Button look="q" label={`Revoke ${titleOf(token)}`} onClick={() => onRevoke(token)}>
                      Revoke…
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RevokeDialogProps {
  token: ShownJoinToken;
  onDone: () => void;
  onClose: () => void;
}

function RevokeDialog({ token, onDone, onClose }: RevokeDialogProps): JSX.Element {
  const work = useAction();
  const revoke = async (): Promise<void> => {
    await server.revokeJoinToken(token.id);
    onClose();
    showToast(`Revoked ${titleOf(token)}`);
    onDone();
  };
  return (
    <Dialog
      title="Revoke this join token?"
      confirm="Revoke the join token"
      look="d p"
      action={work}
      onConfirm={() => void work.run(revoke)}
      onClose={onClose}
    >
      <p>
        <bdi>{titleOf(token)}</bdi> admits no further nodes. Those that it has admitted stay. This cannot be undone.
      </p>
    </Dialog>
  );
}
