import type { JSX } from 'preact';
import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { Code } from '../ui/copied.js';
import { Ago } from '../ui/time.js';

/** The last status as the node has sent it. */
export function RawStatus({ details: { status } }: { details: NodeDetails }): JSX.Element | null {
  if (!status) return null;
  return (
    <details class="box pad">
      <summary>
        Raw status{' '}
        <span class="muted small">
          as reported <Ago atMs={status.receivedAtMs} />
        </span>
      </summary>
      <Code text={JSON.stringify(status.status, null, 2)} what="status" />
    </details>
  );
}
