import type { JSX } from 'preact';
import { may } from '../session/may.js';
import { me } from '../session/server.js';
import { useTitle } from '../ui/title.js';
import { ApiTokens } from './api-tokens.js';
import { Operators } from './operators.js';
import { OwnPassword } from './own-password.js';
import { Sessions } from './sessions.js';

/** Who may work on the fleet. */
export function SettingsView(): JSX.Element {
  useTitle('Settings');
  if (me.value?.kind !== 'operator') {
    return (
      <>
        <div class="head">
          <div>
            <h1>Settings</h1>
          </div>
        </div>
        <div class="box empty">
          <h2>Operators are kept elsewhere</h2>
          <p class="muted">The server that shows this page has users of its own.</p>
        </div>
      </>
    );
  }
  return (
    <>
      <div class="head">
        <div>
          <h1>Settings</h1>
        </div>
      </div>
      {may('unscoped-admin') && <Operators />}
      <ApiTokens />
      <Sessions />
      <OwnPassword />
    </>
  );
}
