import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { me, server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Problem } from '../ui/problem.js';
import { useAction } from '../ui/use-action.js';
import { Door } from './door.js';

/** Name and password. The address stays, so that whoever signs in is where the link led. */
export function SignIn(): JSX.Element {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const action = useAction();
  const signIn = (): void => {
    void action.run(async () => {
      me.value = await server.signIn({ name, password });
    });
  };
  return (
    <Door title="Sign in">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn();
        }}
      >
        {action.error !== undefined && <Problem error={action.error} />}
        <Field
          label="Name"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          autofocus
          required
        />
        <Field
          label="Password"
          type="password"
          value={password}
          onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          autocomplete="current-password"
          required
        />
        <Button type="submit" look="p" isBusy={action.isBusy}>
          Sign in
        </Button>
      </form>
      <p class="hint">
        A session ends after 12 hours without use. There is no default password: the first operator signs in by the link
        that <code>cloudly operator invite</code> prints, others by the link of an admin.
      </p>
    </Door>
  );
}
