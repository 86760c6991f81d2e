import type { JSX } from 'preact';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { Ago, In } from '../ui/time.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';
import { describeBrowser } from './describe-browser.js';

/** Where somebody is signed in. */
export function Sessions(): JSX.Element {
  const sessions = useLoaded('sessions', () => server.listSessions());
  const work = useAction();
  const end = async (sessionId: string): Promise<void> => {
    await server.endSession(sessionId);
    showToast('Ended the session');
    await sessions.reload();
  };
  const problem = sessions.error ?? work.error;
  return (
    <section class="sec" id="sessions">
      <h2>Your sessions</h2>
      {problem !== undefined && <Problem error={problem} />}
      {!sessions.value && sessions.error === undefined && <Skeleton />}
      {sessions.value && (
        <div class="box">
          <table class="cards" role="table">
            <caption class="vh">Your sessions</caption>
            <thead role="rowgroup">
              <tr role="row">
                {['Browser', 'Address', 'Last used', 'Ends'].map((title) => (
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
              {sessions.value.map(({ id, userAgent, address, lastUsedAtMs, expiresAtMs, isCurrent }) => (
                <tr role="row" key={id}>
                  <td role="cell" class="full">
                    <bdi>{describeBrowser(userAgent)}</bdi> {isCurrent && <span class="muted">this one</span>}
                  </td>
                  <td role="cell" data-l="from">
                    <code>{address ?? 'this machine'}</code>
                  </td>
                  <td role="cell" class="nowrap" data-l="used">
                    <Ago atMs={lastUsedAtMs} />
                  </td>
                  <td role="cell" class="nowrap" data-l="ends">
                    <In atMs={expiresAtMs} />
                  </td>
                  <td role="cell" class="num act">
                    {!isCurrent && (
                      <Button
                        look="q"
                        label={`End the session of ${describeBrowser(userAgent)}`}
                        onClick={() => void work.run(() => end(id))}
                      >
                        End
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
