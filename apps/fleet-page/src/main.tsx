import { render } from 'preact';
import { App } from './app/app.js';
import { applyTheme } from './app/theme.js';
import { followLinks, go, here, urlOf } from './route/here.js';
import { beginSession } from './session/begin-session.js';
import { listenToKeys } from './ui/keys.js';
import { beginClock } from './ui/now.js';
import { Problem } from './ui/problem.js';

applyTheme();
followLinks();
beginClock();
listenToKeys({
  n: () => go(urlOf(['nodes'])),
  p: () => go(urlOf(['approvals'])),
  j: () => go(urlOf(['join-tokens'])),
  a: () => go(urlOf(['audit'])),
  s: () => go(urlOf(['settings'])),
});
document.body.replaceChildren();
render(<App />, document.body);
// Whoever has an invitation is not asked who they are.
if (here.value.path[0] !== 'invitation') {
  beginSession().catch((error: unknown) => {
    render(
      <main class="empty" id="main">
        <h1>The fleet cannot be shown</h1>
        <Problem error={error} />
      </main>,
      document.body,
    );
  });
}
