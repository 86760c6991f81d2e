import type { CommandRequest } from '@serve.zone/baseos-contracts';
import { haveContainersChanged } from '../../updates/containers.js';
import { isReleaseReplaced, isUpdateApplied, isUpdateRejected } from '../../updates/settled-update.js';
import { sortTargetServices } from '../../updates/target-services.js';
import { hasUpdateProgressed } from '../../updates/update-progress.js';
import { type UpdateStage, updateStage } from '../../updates/update-stage.js';
import type { DeviceView } from '../device/device-view.js';
import type { AskNotes, SinceAsk, Watched } from './command-action.js';
import { otherRelease, updateRejected, updateStalled } from './update-endings.js';
import { sampleOf, samplesOf, type UpdateLooks } from './update-looks.js';
import { updatePhase } from './update-phase.js';
import { hasChanged, watchApplied, watchVerifying } from './watch-applied.js';

/** Without progress for so long, an update has failed; the Supervisor goes on trying. */
const stalledMs = 60 * 60_000;

/** What became of an update, as of the newest look. A failure that the Supervisor reports on the way is no outcome. Pure. */
export function watchUpdate(command: CommandRequest, notes: AskNotes, view: DeviceView, sinceAsk: SinceAsk): Watched {
  const current = sampleOf(view, notes.appId);
  if (current === undefined) return watchUnseen(notes, view, sinceAsk);
  const samples = samplesOf(sinceAsk.samples, notes.appId);
  const looks: UpdateLooks = { command, notes, view, sinceAsk, current, samples };
  const verified = watchVerifying(looks);
  if (verified !== undefined) return verified;
  if (isUpdateRejected(samples)) return { kind: 'ended', ending: updateRejected(looks) };
  const isDone = isUpdateApplied(samples) || isReleaseReplaced(samples, notes.fromCommit);
  return isDone ? watchApplied(looks) : watchOnTheWay(looks);
}

function watchOnTheWay(looks: UpdateLooks): Watched {
  const { current, samples, sinceAsk } = looks;
  const previous = samples.at(-2);
  const stage = updateStage(current, previous);
  if (isForOther(looks, stage)) return { kind: 'ended', ending: otherRelease(looks, 'is-target') };
  // How long a service holds its lock is its own affair.
  const isWaiting = stage.kind === 'locked';
  const madeProgress = isWaiting || (previous !== undefined && hasUpdateProgressed(previous, current));
  const phase = isFinishing(looks, stage) ? updatePhase({ kind: 'starting' }) : updatePhase(stage);
  if (!madeProgress && sinceAsk.lastProgressMsAgo >= stalledMs) {
    return { kind: 'ended', ending: updateStalled(phase.reason, looks) };
  }
  return { kind: 'goes-on', ...phase, madeProgress };
}

/** The Supervisor cannot be read: it may be restarting, or the device. */
function watchUnseen(notes: AskNotes, { unavailable: reason }: DeviceView, sinceAsk: SinceAsk): Watched {
  const { verifying, lastProgressMsAgo, samples } = sinceAsk;
  if (verifying !== undefined) return { kind: 'goes-on', phase: 'verifying', reason, madeProgress: false };
  if (lastProgressMsAgo >= stalledMs) return { kind: 'ended', ending: updateStalled(reason) };
  const last = samplesOf(samples, notes.appId).at(-1);
  const phase = last === undefined ? 'installing' : updatePhase(updateStage(last)).phase;
  return { kind: 'goes-on', phase, reason, madeProgress: false };
}

/** Whether the device is to run another release than the ordered one, by two looks, and nothing is installed yet. */
function isForOther({ command: { commit }, samples }: UpdateLooks, { kind }: UpdateStage): boolean {
  if (commit === undefined || kind === 'installing' || kind === 'starting') return false;
  const lastTwo = samples.slice(-2).map(({ app }) => app);
  return (
    lastTwo.length === 2 &&
    lastTwo.every(
      ({ targetCommit, runningCommit }) =>
        targetCommit !== undefined && targetCommit !== commit && runningCommit !== commit,
    )
  );
}

/**
 * One look at another release is no end yet. And what looks like a lock is the end of the installation if containers have
 * been replaced and none is awaited.
 */
function isFinishing(looks: UpdateLooks, { kind }: UpdateStage): boolean {
  if (kind === 'applied') return hasChanged(looks);
  const { app } = looks.current;
  const { awaited, downloaded, created } = sortTargetServices(app);
  if (kind !== 'locked' || awaited.length + downloaded.length > 0 || created.length === 0) return false;
  const before = { ...app, services: Object.entries(looks.notes.containers).map(noted) };
  return haveContainersChanged(before, { ...app, services: app.services.filter(({ status }) => status === 'Running') });
}

function noted([name, containerId]: [string, string]) {
  return { name, status: 'Running', containerId };
}
