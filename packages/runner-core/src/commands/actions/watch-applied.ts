import { haveContainersChanged } from '../../updates/containers.js';
import { sortTargetServices } from '../../updates/target-services.js';
import type { Watched } from './command-action.js';
import { askUnknown, otherRelease, updateSucceeded } from './update-endings.js';
import { sampleOf, type UpdateLooks } from './update-looks.js';
import { updatePhase } from './update-phase.js';
import { watchSoak } from './watch-soak.js';

/** Until then, the Supervisor may not have looked for a release yet. */
const patienceMs = 30_000;

/** After that, a request whose answer was lost is taken not to have come through. */
const lostMs = 5 * 60_000;

/** What becomes of an update when the device runs its target release. Pure. */
export function watchApplied(looks: UpdateLooks): Watched {
  if (!hasChanged(looks)) return watchUnchanged(looks);
  if (runsOther(looks)) return { kind: 'ended', ending: otherRelease(looks, 'runs') };
  const { awaited, downloaded } = sortTargetServices(looks.current.app);
  if (awaited.length + downloaded.length > 0) return { kind: 'goes-on', phase: 'restarting', madeProgress: false };
  return watchRelease(looks);
}

/**
 * What becomes of an update whose release runs and is being watched; `undefined` if it is not, or if another one has taken
 * its place. The Supervisor's flags no longer count, only what runs. Pure.
 */
export function watchVerifying(looks: UpdateLooks): Watched | undefined {
  const { command, notes, current, sinceAsk } = looks;
  const from = sinceAsk.verifying && sampleOf(sinceAsk.verifying.from, notes.appId);
  if (from === undefined) return undefined;
  const { runningCommit, targetCommit } = current.app;
  const isReplaced =
    runningCommit !== from.app.runningCommit ||
    (targetCommit !== from.app.targetCommit && haveContainersChanged(from.app, current.app));
  if (!isReplaced) return watchRelease(looks);
  return command.commit === undefined ? undefined : { kind: 'ended', ending: otherRelease(looks, 'replaced') };
}

/** Nothing has happened: there was nothing to update, or nothing has come of the request yet. */
function watchUnchanged(looks: UpdateLooks): Watched {
  const { command, sinceAsk } = looks;
  const { accepted, askedMsAgo } = sinceAsk;
  if (accepted && askedMsAgo >= patienceMs) {
    const ending = runsOther(looks) ? otherRelease(looks, 'runs') : updateSucceeded(looks);
    return { kind: 'ended', ending };
  }
  // Without force, it is asked again.
  if (!accepted && command.force === true && askedMsAgo >= lostMs) return { kind: 'ended', ending: askUnknown() };
  return { kind: 'goes-on', ...updatePhase({ kind: 'applied' }), madeProgress: false };
}

/** Whether another release runs than before the command, or the same one in another container. */
export function hasChanged({ notes, current: { app } }: UpdateLooks): boolean {
  if (app.runningCommit !== notes.fromCommit) return true;
  return Object.entries(notes.containers).some(
    ([name, before]) => !app.services.some(({ name: each, containerId }) => each === name && containerId === before),
  );
}

function runsOther({ command: { commit }, current: { app } }: UpdateLooks): boolean {
  return commit !== undefined && app.runningCommit !== undefined && app.runningCommit !== commit;
}

/** The services that ran before the update have to keep running. */
function watchRelease(looks: UpdateLooks): Watched {
  const { appId, containers } = looks.notes;
  return watchSoak({ ...looks, appId, names: Object.keys(containers), ending: updateSucceeded(looks) });
}
