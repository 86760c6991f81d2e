import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { me, server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Problem } from '../ui/problem.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';

/** Sets another password. */
export function OwnPassword(): JSX.Element {
  const [currentPassword, setCurrentPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const work = useAction();
  const change = async (): Promise<void> => {
    await server.changePassword({ currentPassword, newPassword });
    setCurrentPassword('');
    setNewPassword('');
    showToast('Changed your password', { text: 'Your other sessions have ended.' });
  };
  return (
    <section class="sec" id="password">
      <h2>Your password</h2>
      <form
        class="box pad stack"
        onSubmit={(event) => {
          event.preventDefault();
          void work.run(change);
        }}
      >
        {work.error !== undefined && <Problem error={work.error} />}
        <input
          class="vh"
          type="text"
          autocomplete="username"
          readOnly
          tabIndex={-1}
          aria-hidden="true"
          value={me.value?.name ?? ''}
        />
        <Field
          label="Password of now"
          type="password"
          required
          autocomplete="current-password"
          value={currentPassword}
          onInput={({ currentTarget }) => setCurrentPassword(currentTarget.value)}
        />
        <Field
          label="New password"
          type="password"
          required
          minLength={12}
          autocomplete="new-password"
          value={newPassword}
          onInput={({ currentTarget }) => setNewPassword(currentTarget.value)}
          hint="At least 12 characters. Your other sessions end."
        />
        <p class="acts">
          <Button type="submit" isBusy={work.isBusy}>
            Change password
          </Button>
        </p>
      </form>
    </section>
  );
}
