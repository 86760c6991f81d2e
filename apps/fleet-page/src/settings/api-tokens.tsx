import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { ShownApiToken } from '@serve.zone/baseos-fleet-api';
import { me, server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Code } from '../ui/copied.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { now } from '../ui/now.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { Ago, In } from '../ui/time.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';
import { RightsFields, rightsOf, type TypedRights } from './rights-fields.js';

/** What lets programs work on the fleet. */
export function ApiTokens(): JSX.Element {
  const tokens = useLoaded('api-tokens', () => server.listApiTokens());
  const [isCreating, setIsCreating] = useState(false);
  const [made, setMade] = useState<string>();
  const [revoked, setRevoked] = useState<ShownApiToken>();
  const usable = (tokens.value ?? []).filter(
    ({ revokedAtMs, expiresAtMs }) =>
      revokedAtMs === undefined && (expiresAtMs ?? Number.POSITIVE_INFINITY) > now.value,
  );
  return (
    <section class="sec" id="tokens">
      <div class="sec-h">
        <h2>API tokens</h2>
        <Button icon="plus" onClick={() => setIsCreating(true)}>
          Create token…
        </Button>
      </div>
      {tokens.error !== undefined && <Problem error={tokens.error} />}
      {!tokens.value && tokens.error === undefined && <Skeleton />}
      {tokens.value && usable.length === 0 && (
        <p class="box pad muted">
          None. A program, such as a job that deploys, works on the fleet by a token of its own.
        </p>
      )}
      {usable.length > 0 && (
        <div class="box">
          <table class="cards" role="table">
            <caption class="vh">API tokens</caption>
            <thead role="rowgroup">
              <tr role="row">
                {['Name', 'Role', 'May see', 'Valid until', 'Last used'].map((title) => (
                  <th scope="col" role="columnheader" key={title}>
                    {title}
                  </th>
                ))}
                <th scope="col" role="columnheader">
                  <span class="vh">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {usable.map((token) => (
                <tr role="row" key={token.id}>
                  <td role="cell" class="full">
                    <b>
                      <bdi>{token.name}</bdi>
                    </b>{' '}
                    <code class="muted">bot_{token.id}…</code>
                  </td>
                  <td role="cell">{token.role}</td>
                  <td role="cell" data-l="sees">
                    {token.scope === undefined ? 'All nodes' : <code>{token.scope}</code>}
                  </td>
                  <td role="cell" data-l="until">
                    {token.expiresAtMs === undefined ? 'No end' : <In atMs={token.expiresAtMs} />}
                  </td>
                  <td role="cell" class="nowrap" data-l="used">
                    {token.lastUsedAtMs === undefined ? 'never' : <Ago atMs={token.lastUsedAtMs} />}
                  </td>
                  <td role="cell" class="num act">
                    <Button look="q" label={`Revoke ${token.name}`} onClick={() => setRevoked(token)}>
                      Revoke…
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isCreating && (
        <CreateDialog
          onCreated={(token) => {
            setIsCreating(false);
            setMade(token);
            void tokens.reload();
          }}
          onClose={() => setIsCreating(false)}
        />
      )}
      {made !== undefined && (
        <Dialog
          title="API token created"
          confirm="Done"
          hasCancel={false}
          onConfirm={() => setMade(undefined)}
          onClose={() => setMade(undefined)}
        >
          <p>
            <b>Copy it now. It is not shown again.</b> A program sends it with each request, as{' '}
            <code>Authorization: Bearer</code>.
          </p>
          <Code text={made} what="API token" isWrapped />
        </Dialog>
      )}
      {revoked && (
        <RevokeDialog token={revoked} onDone={() => void tokens.reload()} onClose={() => setRevoked(undefined)} />
      )}
    </section>
  );
}

const DAY_MS = 86_400_000;
const periods = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'A year'],
  ['', 'No end'],
] as const;

function CreateDialog({
  onCreated,
  onClose,
}: {
  onCreated: (token: string) => void;
  onClose: () => void;
}): JSX.Element {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [rights, setRights] = useState<TypedRights>({ role: 'view', scope: me.value?.scope ?? '' });
  const period = useId();
  const work = useAction();
  const create = async (): Promise<void> => {
    const { token } = await server.createApiToken({
      name: name.trim(),
      ...rightsOf(rights),
      ...(days !== '' && { expiresInMs: Number(days) * DAY_MS }),
    });
    onCreated(token);
  };
  return (
    <Dialog
      title="Create API token"
      confirm="Create"
      action={work}
      onConfirm={() => void work.run(create)}
      onClose={onClose}
    >
      <Field
        label="Name"
        required
        autofocus
        autocapitalize="none"
        spellcheck={false}
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        hint="The program that uses it. Events name it."
      />
      <RightsFields value={rights} onChange={setRights} />
      <div class="field">
        <label for={period}>Valid for</label>
        <select id={period} value={days} onChange={({ currentTarget }) => setDays(currentTarget.value)}>
          {periods.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <p class="hint">It has at most your rights, and ends with you.</p>
    </Dialog>
  );
}

interface RevokeDialogProps {
  token: ShownApiToken;
  onDone: () => void;
  onClose: () => void;
}

function RevokeDialog({ token, onDone, onClose }: RevokeDialogProps): JSX.Element {
  const work = useAction();
  const revoke = async (): Promise<void> => {
    await server.revokeApiToken(token.id);
    onClose();
    showToast(`Revoked ${token.name}`);
    onDone();
  };
  return (
    <Dialog
      title="Revoke this API token?"
      confirm="Revoke the token"
      look="d p"
      action={work}
      onConfirm={() => void work.run(revoke)}
      onClose={onClose}
    >
      <p>
        Programs that use <bdi>{token.name}</bdi> are refused at once, and so are tokens that were created with it. This
        cannot be undone.
      </p>
    </Dialog>
  );
}
