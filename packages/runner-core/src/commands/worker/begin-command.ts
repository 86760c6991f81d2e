import type { CommandPhase } from '@serve.zone/baseos-contracts';
import type { CommandAction, Prepared } from '../actions/command-action.js';
import type { DeviceView } from '../device/device-view.js';
import type { ListedCommand } from '../journal/journal-entry.js';
import { inSentences } from '../../values/problem.js';
import { askSupervisor } from './ask-supervisor.js';
import { endCommand } from './end-command.js';
import { logAsk } from './log-command.js';
import { goBackToWaiting, waitOn } from './wait-command.js';
import type { WorkerContext } from './worker-context.js';
import type { WaitingCommand } from './worker-state.js';

/** What may begin: by an ask, or because the Supervisor is at it already. */
type Beginning = Extract<Prepared, { kind: 'ready' | 'follow' }>;

/** On a disk that refuses the journal. */
const diskRetryMs = 60_000;

/**
 * Notes that the Supervisor is being asked, and asks it once that is durable: whatever happens from then on, the command
 * never starts a second time.
 */
export async function beginCommand(
  context: WorkerContext,
  command: ListedCommand,
  { action, prepared, view }: { action: CommandAction; prepared: Beginning; view: DeviceView },
): Promise<void> {
  const { record, waiting, gate } = context;
  const { id } = command;
  const { notes } = prepared;
  record.put({ state: 'asked', id, command, notes, time: { spentMs: 0, ...context.uptime() } });
  const stored = await record.store();
  const waited = waiting.get(id);
  if (!waited || isOff(context, waited)) return stepBack(context, command);
  if (!stored.ok && !context.rules.mayBeAskedUnstored(command)) {
    record.put({ state: 'taken', id, command });
    return waitOn(context, command, { phase: 'postponed', reason: inSentences(stored.problem), retryMs: diskRetryMs });
  }
  waiting.delete(id);
  follow(context, command, { action, waited, isAccepted: prepared.kind === 'follow' });
  if (!waited.wait || prepared.kind === 'follow') context.onNews();
  const held = await gate?.beforeAsk(command, notes, view);
  if (held?.kind === 'end') return endCommand(context, command, held.ending);
  if (held) return goBackToWaiting(context, command, held);
  if (prepared.kind === 'follow') logAsk(command, context.logger);
  else await askSupervisor(context, command, { isAgain: false });
}

/** What was cancelled or has expired while the disk was busy has not begun. */
function isOff({ stopping, clock }: WorkerContext, { expiresAtMs }: WaitingCommand): boolean {
  return stopping.aborted || clock.monotonicMs() >= expiresAtMs;
}

async function stepBack({ record, waiting }: WorkerContext, command: ListedCommand): Promise<void> {
  const { id } = command;
  if (waiting.has(id)) record.put({ state: 'taken', id, command });
  else record.remove(id);
  await record.store();
}

function follow(
  { followed, clock }: WorkerContext,
  command: ListedCommand,
  { action, waited, isAccepted }: { action: CommandAction; waited: WaitingCommand; isAccepted: boolean },
): void {
  const nowMs = clock.monotonicMs();
  followed.set(command.id, {
    action,
    waited,
    isRestarted: false,
    isAccepted,
    ...firstPhase(command),
    phaseSinceMs: nowMs,
    lastAskMs: nowMs,
    lastProgressMs: nowMs,
    samples: [],
    lookAtMs: nowMs,
    spent: { ms: 0, atMs: nowMs },
    storedMs: nowMs,
  });
}

/** Until the first look says more. No phase of the protocol is nearer to a stop or a start. */
export function firstPhase({ kind, service = '' }: ListedCommand): { phase?: CommandPhase; reason?: string } {
  switch (kind) {
    case 'blink':
      return {};
    case 'update':
      return { phase: 'installing' };
    case 'stop-service':
      return { phase: 'restarting', reason: `The Supervisor was asked to stop ${service}.` };
    case 'start-service':
      return { phase: 'restarting', reason: `The Supervisor was asked to start ${service}.` };
    case 'shutdown':
      return { phase: 'restarting', reason: 'The Supervisor was asked to shut the device down.' };
    default:
      return { phase: 'restarting' };
  }
}
