import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ShownInvitation } from '@serve.zone/baseos-fleet-api';
import { formatUntil } from '../format/format-time.js';
import { go, urlOf } from '../route/here.js';
import { me, server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';
import { Door } from './door.js';

/** What a link says behind its `#`, which the browser has sent to nobody. It does not stay in the address or in the history. */
function takeSecret(): string {
  const secret = decodeURIComponent(location.hash.slice(1));
  if (secret !== '') history.replaceState(null, '', location.pathname);
  return secret;
}

export function Invitation(): JSX.Element {
  const [secret] = useState(takeSecret);
  const { value, error } = useLoaded(secret, () => server.readInvitation(secret));
  if (error !== undefined) {
    return (
      <Door title="This link is not valid">
        <Problem error={error} />
        <a class="b" href={urlOf([])}>
          Sign in instead
        </a>
      </Door>
    );
  }
  if (!value) {
    return (
      <Door title="Invitation">
        <Skeleton />
      </Door>
    );
  }
  return <Acceptance secret={secret} invitation={value} />;
}

const titles = { first: 'Become the first operator', join: 'Become an operator', 'new-password': 'Set a new password' };

const PASSWORD_MIN_LENGTH = 12;

function Acceptance({ secret, invitation }: { secret: string; invitation: ShownInvitation }): JSX.Element {
  const { offers, expiresAtMs } = invitation;
  const [name, setName] = useState(offers.kind === 'first' ? '' : offers.name);
  const [password, setPassword] = useState('');
  const [mistake, setMistake] = useState<string>();
  const action = useAction();
  useEffect(() => setMistake(undefined), [password]);
  const accept = (): void => {
    if (password.length < PASSWORD_MIN_LENGTH) {
      setMistake(`Enter at least ${PASSWORD_MIN_LENGTH} characters`);
      return;
    }
    void action.run(async () => {
      me.value = await server.acceptInvitation({
        invitation: secret,
        password,
        ...(offers.kind === 'first' && { name }),
      });
      go(urlOf(['nodes']), true);
    });
  };
  return (
    <Door title={titles[offers.kind]}>
      <p class="muted">{describe(invitation)}</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          accept();
        }}
      >
        {action.error !== undefined && <Problem error={action.error} />}
        <Field
          label="Name"
          value={name}
          readOnly={offers.kind !== 'first'}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          autofocus={offers.kind === 'first'}
          required
          hint={
            offers.kind === 'first' ? 'You sign in by it, and events name you by it. It cannot be changed.' : undefined
          }
        />
        <Field
          label="New password"
          type="password"
          value={password}
          onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          autocomplete="new-password"
          autofocus={offers.kind !== 'first'}
          required
          mistake={mistake}
          hint="At least 12 characters."
        />
        <Button type="submit" look="p" isBusy={action.isBusy}>
          {offers.kind === 'new-password' ? 'Set password and sign in' : 'Become an operator'}
        </Button>
      </form>
      <p class="hint">The link works once, until {formatUntil(expiresAtMs, Date.now())}.</p>
    </Door>
  );
}

function describe({ offers }: ShownInvitation): string {
  if (offers.kind === 'first') return 'Nobody works on this fleet yet. You become an admin of all of it.';
  if (offers.kind === 'new-password') return 'Your sessions elsewhere end, and your role stays as it is.';
  const nodes = offers.scope === undefined ? 'all nodes' : `the nodes of ${offers.scope}`;
  return `You get the role ${offers.role} for ${nodes}.`;
}
