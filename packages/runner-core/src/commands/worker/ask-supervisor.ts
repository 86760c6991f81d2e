import { commandTimes } from '@serve.zone/baseos-contracts';
import type { Asked } from '../actions/command-action.js';
import type { ListedCommand } from '../journal/journal-entry.js';
import { endCommand } from './end-command.js';
import { logAsk } from './log-command.js';
import { goBackToWaiting, waitedMs } from './wait-command.js';
import type { CommandedDevice, WorkerContext } from './worker-context.js';
import { type FollowedCommand, spentMsOf } from './worker-state.js';

/** Asks the Supervisor, for the first time or again, and follows its answer. */
export async function askSupervisor(
  context: WorkerContext,
  command: ListedCommand,
  { isAgain }: { isAgain: boolean },
): Promise<void> {
  const { followed, clock, rules, logger } = context;
  const one = followed.get(command.id);
  if (!one || !context.device) return;
  one.lastAskMs = clock.monotonicMs();
  const asking = answerOf(context, context.device, command, one).catch((error: unknown): Asked => {
    logger.error('A call to the Supervisor failed. This is a bug in BaseRunner; the agent continues.', { error });
    return { kind: 'unknown' };
  });
  const asked = isAgain ? await asking : await announced(context, command, { asking, waited: one.waited });
  one.lookAtMs = clock.monotonicMs();
  switch (asked.kind) {
    case 'ended':
      return endCommand(context, command, asked.ending);
    case 'accepted':
      one.isAccepted = true;
      context.gate?.onAccepted(command);
      return undefined;
    case 'definite-no': {
      // The ask before this one may have been carried out.
      if (isAgain) return undefined;
      const retryMs = rules.retryAfterNoMs(asked, waitedMs(context, command.id, asked.phase));
      return goBackToWaiting(context, command, { ...asked, retryMs });
    }
    case 'unknown':
      // A stop cuts the call off, and the next start of the agent judges it.
      if (context.abandon.aborted) return undefined;
      if (rules.becomes('asked', command, one.action) === 'interrupted') {
        return endCommand(context, command, { outcome: 'interrupted', error: answerLost });
      }
      return undefined;
  }
}

/** A Supervisor that is silent for so long has not said no. */
const beginsAfterMs = 2000;

/** A command begins once the Supervisor has not said no. That one which waited begins is news; of another it is told before. */
async function announced(
  { clock, logger, onNews, abandon }: WorkerContext,
  command: ListedCommand,
  { asking, waited }: { asking: Promise<Asked>; waited: FollowedCommand['waited'] },
): Promise<Asked> {
  let isTold = false;
  const tell = (): void => {
    if (isTold) return;
    isTold = true;
    logAsk(command, logger);
    if (waited?.wait) onNews();
  };
  const over = new AbortController();
  void clock
    .sleep(beginsAfterMs, AbortSignal.any([over.signal, abandon]))
    .then(() => (over.signal.aborted ? undefined : tell()));
  const asked = await asking;
  over.abort();
  if (asked.kind !== 'definite-no') tell();
  return asked;
}

/** An answer that does not come within the command's time is lost. */
async function answerOf(
  { clock, abandon }: WorkerContext,
  device: CommandedDevice,
  command: ListedCommand,
  one: FollowedCommand,
): Promise<Asked> {
  const leftMs = Math.max(0, commandTimes(command).timeoutMs - spentMsOf(one, clock.monotonicMs()));
  const over = new AbortController();
  const tooLate = new AbortController();
  const signal = AbortSignal.any([abandon, tooLate.signal]);
  const ended = AbortSignal.any([abandon, over.signal]);
  const lost = clock.sleep(leftMs, ended).then((): Asked => {
    tooLate.abort();
    return { kind: 'unknown' };
  });
  try {
    return await Promise.race([one.action.ask(command, device.calls, signal), lost]);
  } finally {
    over.abort();
  }
}

const answerLost = {
  code: 'answer-lost',
  message: "The Supervisor's answer was lost. It is not known whether it carried the command out.",
};
