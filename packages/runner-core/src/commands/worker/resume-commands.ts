import type { CommandAction, Ending } from '../actions/command-action.js';
import type { AskedEntry } from '../journal/journal-entry.js';
import { timeSpentAt } from '../rules/time-spent.js';
import { firstPhase } from './begin-command.js';
import { noteEnding } from './end-command.js';
import { askAgainEveryMs, lookEveryMs } from './look-at-command.js';
import type { WorkerContext } from './worker-context.js';

/** Applies the table of what becomes of each entry to those that an earlier agent left. */
export function resumeCommands(context: WorkerContext): void {
  const { record, device, rules } = context;
  for (const entry of record.entries) {
    const open = 'command' in entry ? entry.command : { kind: entry.kind };
    const action = device?.actionOf(open.kind);
    switch (rules.becomes(entry.state, open, action)) {
      case 'forgotten':
        record.remove(entry.id);
        break;
      case 'interrupted':
        if (entry.state === 'asked') noteEnding(context, entry.command, interrupted);
        break;
      case 'watched':
      case 'watched-or-asked-again':
        if (entry.state === 'asked' && action) watchOn(context, entry, action);
        break;
      case 'sent-again':
      case 'nothing':
        break;
    }
  }
}

const interrupted: Ending = {
  outcome: 'interrupted',
  error: { code: 'agent-restarted', message: 'The agent ended while the command ran. It is not known how it went.' },
};

/** From here on as if this agent had asked, but for the answer, which nobody has. */
function watchOn(
  { followed, clock, uptime }: WorkerContext,
  { id, command, time }: AskedEntry,
  action: CommandAction,
): void {
  const nowMs = clock.monotonicMs();
  followed.set(id, {
    action,
    isRestarted: true,
    isAccepted: false,
    ...firstPhase(command),
    phaseSinceMs: nowMs,
    // The second look decides whether it is asked again.
    lastAskMs: nowMs + lookEveryMs - askAgainEveryMs,
    lastProgressMs: nowMs,
    samples: [],
    lookAtMs: nowMs,
    spent: { ms: timeSpentAt(time, uptime()), atMs: nowMs },
    storedMs: nowMs,
  });
}
