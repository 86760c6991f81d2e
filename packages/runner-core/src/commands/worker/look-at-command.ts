import { commandTimes } from '@serve.zone/baseos-contracts';
import type { Ending, Watched } from '../actions/command-action.js';
import { sampleOf } from '../actions/update-looks.js';
import type { DeviceView } from '../device/device-view.js';
import type { AskedEntry } from '../journal/journal-entry.js';
import { askSupervisor } from './ask-supervisor.js';
import { endCommand } from './end-command.js';
import type { WorkerContext } from './worker-context.js';
import { type FollowedCommand, spentMsOf } from './worker-state.js';

/** From one look at the device to the next. */
export const lookEveryMs = 3000;
const storeEveryMs = 60_000;
export const askAgainEveryMs = 60_000;
/** Enough to tell that something has not changed. */
const samplesMax = 3;

/** One look at the device, and what it says about a command that the Supervisor was asked for. */
export async function lookAtCommand(context: WorkerContext, entry: AskedEntry): Promise<void> {
  const { device, followed, clock, rules, stopping, onNews } = context;
  const { id, command, notes } = entry;
  if (!device) return;
  const view = await device.look(stopping);
  const one = followed.get(id);
  // A look that a stop has cut off says nothing.
  if (!one || stopping.aborted) return;
  const nowMs = clock.monotonicMs();
  one.samples = [...one.samples, view].slice(-samplesMax);
  one.lookAtMs = nowMs + lookEveryMs;
  one.verifying ??= resumedVerifying(entry, view, nowMs);
  const watched = one.action.watch(command, notes, view, sinceAsk(one, entry, nowMs));
  if (watched.kind === 'ended') return endCommand(context, command, watched.ending);
  if (takeIn(one, watched, view, nowMs)) onNews();
  if (view.supervisor) {
    context.gate?.onPhase(command, watched.phase);
    await noteVerifying(context, id, watched.phase === 'verifying');
  }
  const isVerifying = one.phase === 'verifying';
  const times = commandTimes(command);
  if (rules.isTimeUp(spentMsOf(one, nowMs), times, { isVerifying, lookMs: lookEveryMs })) {
    return endCommand(context, command, timedOut(one, times.timeoutMs));
  }
  const becomes = one.isAccepted ? 'watched' : rules.becomes('asked', command, one.action);
  const isAskable = becomes === 'watched-or-asked-again' && nowMs - one.lastAskMs >= askAgainEveryMs;
  if (isAskable && one.action.mayAskAgain(command, view)) {
    await askSupervisor(context, command, { isAgain: true });
  }
  if (nowMs - one.storedMs >= storeEveryMs) await storeTime(context, id, one);
}

function sinceAsk(
  one: FollowedCommand,
  { stopped }: AskedEntry,
  nowMs: number,
): Parameters<FollowedCommand['action']['watch']>[3] {
  return {
    askedMsAgo: spentMsOf(one, nowMs),
    lastProgressMsAgo: nowMs - one.lastProgressMs,
    accepted: one.isAccepted,
    restarted: one.isRestarted,
    sawOwnStop: stopped === true,
    samples: one.samples,
    verifying: one.verifying && { sinceMs: nowMs - one.verifying.sinceMs, from: one.verifying.from },
  };
}

/** Whether Cloudly should know soon. */
function takeIn(
  one: FollowedCommand,
  { phase, reason, progressPercent, madeProgress }: Extract<Watched, { kind: 'goes-on' }>,
  view: DeviceView,
  nowMs: number,
): boolean {
  const isNewPhase = one.phase !== phase;
  if (isNewPhase) one.phaseSinceMs = nowMs;
  if (madeProgress) one.lastProgressMs = nowMs;
  if (phase !== 'verifying') one.verifying = undefined;
  else one.verifying ??= { sinceMs: nowMs, from: view };
  Object.assign(one, { phase, reason, progressPercent });
  return isNewPhase;
}

function timedOut({ action, isAccepted, reason }: FollowedCommand, timeoutMs: number): Ending {
  const message = `It did not end within ${Math.round(timeoutMs / 1000)} s.${reason === undefined ? '' : ` ${reason}`}`;
  return { outcome: isAccepted ? action.timedOut : 'interrupted', error: { code: 'timed-out', message } };
}

/**
 * An earlier agent has seen the release run that an update was for, so its services are watched, from now on. Another release that
 * waits by now would hide that.
 */
function resumedVerifying(
  { command: { commit }, notes, verifying }: AskedEntry,
  view: DeviceView,
  nowMs: number,
): FollowedCommand['verifying'] {
  if (verifying !== true) return undefined;
  const runs = sampleOf(view, notes.appId)?.app.runningCommit;
  const isThere = runs !== undefined && (commit === undefined || runs === commit);
  return isThere ? { sinceMs: nowMs, from: view } : undefined;
}

/** For the gate, which the next agent would open for an update that is under way. */
async function noteVerifying({ record }: WorkerContext, id: string, isVerifying: boolean): Promise<void> {
  const entry = record.find(id);
  if (entry?.state !== 'asked' || entry.command.kind !== 'update') return;
  if ((entry.verifying === true) === isVerifying) return;
  record.put({ ...entry, verifying: isVerifying ? true : undefined });
  await record.store();
}

async function storeTime({ record, clock, uptime }: WorkerContext, id: string, one: FollowedCommand): Promise<void> {
  const entry = record.find(id);
  if (entry?.state !== 'asked') return;
  const nowMs = clock.monotonicMs();
  one.storedMs = nowMs;
  record.put({ ...entry, time: { spentMs: Math.round(spentMsOf(one, nowMs)), ...uptime() } });
  await record.store();
}
