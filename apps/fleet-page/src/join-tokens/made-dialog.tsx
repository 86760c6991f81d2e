import type { JSX } from 'preact';
import type { ShownJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { formatCount } from '../format/format-bytes.js';
import { formatUntil } from '../format/format-time.js';
import { baseUrl } from '../session/server.js';
import { Code } from '../ui/copied.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { now } from '../ui/now.js';
import { composeSnippet, deviceVariables } from './device-lines.js';

export interface MadeDialogProps {
  joinToken: string;
  /** As it stands now. */
  record: ShownJoinToken;
  onClose: () => void;
}

/** A join token, this once, and what to do with it. */
export function MadeDialog({ joinToken, record, onClose }: MadeDialogProps): JSX.Element {
  const { maxUses, usedCount, expiresAtMs } = record;
  const isUsed = usedCount > 0;
  return (
    <Dialog title="Join token created" confirm="Done" hasCancel={false} onConfirm={onClose} onClose={onClose}>
      <div class="note warn">
        <Icon name="warn" tone="warn" />
        <div>
          <p>
            <b>Copy it now. It is not shown again.</b>
          </p>
          <p>
            It enrols up to {formatCount(maxUses, 'device')} until {formatUntil(expiresAtMs, now.value)}.
          </p>
        </div>
      </div>
      <div class="tight">
        <h3>1. Set these variables</h3>
        <p class="hint">
          On the device or its fleet, in the dashboard of balenaCloud or openBalena. Remove the join token once the
          devices are enrolled.
        </p>
        <Code text={deviceVariables(baseUrl, joinToken)} what="variables for the device" isWrapped />
      </div>
      <div class="tight">
        <h3>2. Add this service to docker-compose.yml</h3>
        <p class="hint">
          Then deploy as usual. With <code>BASEOS_UPDATES=gated</code>, a release waits for the command update.
        </p>
        <Code text={composeSnippet} what="compose snippet" />
      </div>
      <p class={`live ${isUsed ? '' : 'wait'}`} role="status">
        <Icon name={isUsed ? 'ok' : 'wait'} />
        {isUsed
          ? `${formatCount(usedCount, 'device')} of ${maxUses} enrolled.`
          : 'No device has used this token yet. This line changes when the first one does.'}
      </p>
    </Dialog>
  );
}
