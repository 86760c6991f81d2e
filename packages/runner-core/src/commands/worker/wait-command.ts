import type { Waits } from '../actions/command-action.js';
import type { ListedCommand } from '../journal/journal-entry.js';
import { nextTryMs } from '../rules/next-try.js';
import { logWait } from './log-command.js';
import type { WorkerContext } from './worker-context.js';

/** Notes why a command that has not begun waits, and when it is tried again. */
export function waitOn(
  { waiting, clock, logger, onNews }: WorkerContext,
  command: ListedCommand,
  { phase, reason, progressPercent, retryMs }: Waits,
): void {
  const one = waiting.get(command.id);
  if (!one) return;
  const nowMs = clock.monotonicMs();
  const isNewPhase = one.wait?.phase !== phase;
  if (one.wait?.reason !== reason) logWait(command, reason, logger);
  one.wait = { phase, reason, progressPercent, sinceMs: isNewPhase ? nowMs : (one.wait?.sinceMs ?? nowMs) };
  one.tryAtMs = nextTryMs({ nowMs, retryMs, expiresAtMs: one.expiresAtMs });
  if (isNewPhase) onNews();
}

/** Shows that a program on the device is asked. Why the command waited before tells more. */
export function waitForDecision({ waiting, clock, onNews }: WorkerContext, id: string): void {
  const one = waiting.get(id);
  if (!one || one.wait) return;
  const reason = 'A program on the device decides whether it may begin.';
  one.wait = { phase: 'postponed', reason, sinceMs: clock.monotonicMs() };
  onNews();
}

/**
 * The Supervisor did nothing, so the command has not begun: it waits as before, if Cloudly still wants it. That it waits is
 * told once the journal says so: an agent that is killed must not find that it was asked.
 */
export async function goBackToWaiting(context: WorkerContext, command: ListedCommand, waits: Waits): Promise<void> {
  const { waiting, followed, record, gate } = context;
  const { id } = command;
  const waited = followed.get(id)?.waited;
  followed.delete(id);
  if (waited) {
    waiting.set(id, waited);
    record.put({ state: 'taken', id, command });
  } else record.remove(id);
  gate?.afterAsked(command);
  await record.store();
  waitOn(context, command, waits);
}

/** How long it has waited in this phase. */
export function waitedMs({ waiting, followed, clock }: WorkerContext, id: string, phase: Waits['phase']): number {
  const wait = (waiting.get(id) ?? followed.get(id)?.waited)?.wait;
  return wait?.phase === phase ? clock.monotonicMs() - wait.sinceMs : 0;
}
