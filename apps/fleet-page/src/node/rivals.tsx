import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { may } from '../session/may.js';
import { server } from '../session/server.js';
import { Dialog } from '../ui/dialog.js';
import { Button } from '../ui/button.js';
import { Ago } from '../ui/time.js';
import { useAction } from '../ui/use-action.js';

/** Two devices with one identity: which keeps it. */
export function Rivals({
  details: { rivals, facts },
  onDone,
}: {
  details: NodeDetails;
  onDone: () => void;
}): JSX.Element | null {
  const [chosen, setChosen] = useState<string>();
  const work = useAction();
  if (rivals.length === 0) return null;
  const choose = async (bootId: string): Promise<void> => {
    await server.resolveClone(facts.nodeId, bootId);
    setChosen(undefined);
    onDone();
  };
  return (
    <>
      <h3>Which process keeps the identity?</h3>
      <ol class="why">
        {rivals.map(({ bootId, lastSeenAtMs }) => (
          <li key={bootId}>
            <div class="tight">
              <p>
                <code>{bootId}</code>{' '}
                {lastSeenAtMs === undefined ? (
                  'never seen'
                ) : (
                  <>
                    seen <Ago atMs={lastSeenAtMs} />
                  </>
                )}
              </p>
              {may('admin') && (
                <p class="acts">
                  <Button onClick={() => setChosen(bootId)}>Keep this one…</Button>
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
      {chosen !== undefined && (
        <Dialog
          title="Keep this process?"
          confirm="Keep it"
          action={work}
          onConfirm={() => void work.run(() => choose(chosen))}
          onClose={() => setChosen(undefined)}
        >
          <p>The other device is locked out and must enrol again, with an identity of its own.</p>
          <p>
            <code>{chosen}</code>
          </p>
        </Dialog>
      )}
    </>
  );
}
