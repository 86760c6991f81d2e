import type { Command, CommandRequest } from '@serve.zone/baseos-contracts';
import { limits } from '@serve.zone/baseos-contracts';
import type { Ending } from '../actions/command-action.js';
import type { ListedCommand, ToldEntry } from '../journal/journal-entry.js';
import { judgeCommand } from '../rules/judge-command.js';
import { noteEnding } from './end-command.js';
import { logDropped } from './log-command.js';
import type { WorkerContext } from './worker-context.js';

/** What an answer lists. */
export interface Listing {
  commands: readonly Command[];
  /** When the request was sent, by the monotonic clock: the time that a command has counts from there. */
  sentMs: number;
}

/**
 * Takes in the commands that are due now. New ones wait for their turn, or end at once where no look at the device is needed.
 * Those that are no longer listed are dropped if they wait.
 *
 * @param isTrusted the journal knows every command that was begun
 * @returns whether something is worth storing
 */
export function takeListed(context: WorkerContext, { commands, sentMs }: Listing, isTrusted: boolean): boolean {
  const { waiting, followed, record, rules, accepted } = context;
  const before = record.entries;
  const listed = new Map(commands.map((command) => [command.id.toLowerCase(), command]));
  const ids = new Set(listed.keys());
  dropWaiting(context, {
    why: 'Cloudly no longer lists it: it was cancelled, or its time is over.',
    isDropped: (id) => rules.isDropped(id, ids),
  });
  for (const [place, [id, command]] of [...listed].entries()) {
    const expiresAtMs = rules.expiresAtMs({ sentMs, expiresInMs: command.expiresInMs });
    const known = record.find(id);
    const waits = waiting.get(id) ?? followed.get(id)?.waited;
    if (waits) Object.assign(waits, { expiresAtMs, place });
    if (known?.state === 'told') sendAgain(context, known);
    if (known || record.in('ended').length >= limits.commandResultsMax) continue;
    const taken = asListed(command, id);
    const judged = judgeCommand(taken, accepted);
    // What the settings forbid today may have been begun under those of yesterday.
    const ending = isTrusted || (judged && judged.outcome !== 'refused') ? judged : notKnown;
    if (ending) noteEnding(context, taken, ending);
    else {
      record.put({ state: 'taken', id, command: taken });
      waiting.set(id, { command: taken, place, expiresAtMs, tryAtMs: sentMs });
    }
  }
  return record.entries !== before;
}

/**
 * Those that have not begun are not carried out. One whose ask is under way ends as if it had not waited: a Supervisor that
 * says no ends it.
 */
export function dropWaiting(
  { waiting, followed, record, logger }: WorkerContext,
  { why, isDropped }: { why: string; isDropped: (id: string) => boolean },
): void {
  for (const [id, { command }] of waiting) {
    if (!isDropped(id)) continue;
    waiting.delete(id);
    record.remove(id);
    logDropped(command, why, logger);
  }
  for (const [id, one] of followed) if (one.waited && isDropped(id)) one.waited = undefined;
}

/** Cloudly has lost the result, or another copy of Cloudly never had it. */
function sendAgain({ again }: WorkerContext, { id, outcome, errorCode, message, refused }: ToldEntry): void {
  if (refused) return;
  const words = message ?? 'The device has told more before.';
  const error = errorCode === undefined ? undefined : { code: errorCode, message: words };
  again.set(id, { id, outcome, ...(error && { error }) });
}

const notKnown: Ending = {
  outcome: 'interrupted',
  error: {
    code: 'journal-lost',
    message: "The device's record of commands was lost or incomplete. It is not known whether the command was begun.",
  },
};

/** The members that this version knows. */
function asListed(command: Command, id: string): ListedCommand {
  return withoutAbsent({ id, ...asRequest(command), of: command.of && asRequest(command.of) });
}

function asRequest({ kind, force, appId, service, commit, timeoutMs, soakMs }: CommandRequest): CommandRequest {
  return withoutAbsent({ kind, force, appId, service, commit, timeoutMs, soakMs });
}

function withoutAbsent<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
