import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BulkProgress, BulkResult } from '@serve.zone/baseos-cloudly-handlers';
import { formatCount } from '../format/format-bytes.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useLoaded } from '../ui/use-loaded.js';

/** How far a job is, and what it could not do. */
export function BulkProgressBox({ jobId, onClose }: { jobId: string; onClose: () => void }): JSX.Element {
  const [progress, setProgress] = useState<BulkProgress>();
  const [failures, setFailures] = useState<readonly BulkResult[]>([]);
  const followed = useLoaded(jobId, async () => {
    const end = await server.runBulk(jobId, { onProgress: setProgress });
    setProgress(end);
    setFailures(await server.bulkResults(jobId, { outcome: 'failed', limit: 20 }));
    return end;
  });
  const { done = 0, failed = 0, skipped = 0, job } = progress ?? {};
  const total = job?.nodeCount ?? 0;
  const isOver = followed.value !== undefined;
  const tone = failed > 0 ? 'warn' : isOver ? 'ok' : 'busy';
  return (
    <section class={`note ${tone}`} aria-label="Progress of the bulk action" tabIndex={-1}>
      <Icon name={tone} tone={tone} />
      <div>
        <p role="status">
          <b>
            {done + failed + skipped} of {formatCount(total, 'node')}
          </b>{' '}
          <span class="muted">
            {done} done, {failed} failed, {skipped} skipped
          </span>
        </p>
        <progress max={Math.max(1, total)} value={done + failed + skipped} aria-label="Nodes that are done" />
        {failures.length > 0 && (
          <ul class="tight small">
            {failures.map(({ nodeId, reason }) => (
              <li key={nodeId}>
                <code>{nodeId}</code> {reason}
              </li>
            ))}
          </ul>
        )}
        {!isOver && (
          <p class="acts">
            <Button look="q" onClick={() => void server.stopBulk(jobId).then(setProgress, () => undefined)}>
              Stop
            </Button>
          </p>
        )}
      </div>
      {isOver && <Button icon="x" look="x" label="Dismiss" onClick={onClose} />}
    </section>
  );
}
