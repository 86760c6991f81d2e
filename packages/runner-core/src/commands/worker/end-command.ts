import type { CommandResult } from '@serve.zone/baseos-contracts';
import type { Ending } from '../actions/command-action.js';
import type { ListedCommand } from '../journal/journal-entry.js';
import { usableResult } from '../rules/usable-result.js';
import { logEnding } from './log-command.js';
import { spentMsOf } from './worker-state.js';
import type { WorkerContext } from './worker-context.js';

/** A command has its outcome, which goes out with the next heartbeat. A disk that refuses it costs only a repetition. */
export async function endCommand(context: WorkerContext, command: ListedCommand, ending: Ending): Promise<void> {
  noteEnding(context, command, ending);
  await context.record.store();
}

/** The same, without the time that a disk takes. */
export function noteEnding(
  context: Pick<WorkerContext, 'record' | 'waiting' | 'followed' | 'ended' | 'gate' | 'clock' | 'logger'>,
  command: ListedCommand,
  ending: Ending,
): void {
  const { record, waiting, followed, ended, clock, logger } = context;
  const { id } = command;
  const followedOne = followed.get(id);
  const result: CommandResult = usableResult(id, ending, followedOne && spentMsOf(followedOne, clock.monotonicMs()));
  waiting.delete(id);
  followed.delete(id);
  const kind = String(command.kind).slice(0, 64);
  record.put({
    state: 'ended',
    id,
    kind,
    service: command.service,
    result,
    endedAt: new Date(clock.wallMs()).toISOString(),
  });
  if (followedOne) context.gate?.afterAsked(command);
  ended.add(kind, result.outcome);
  logEnding(command, result, logger);
}
