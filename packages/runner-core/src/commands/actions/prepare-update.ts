import type { CommandRequest } from '@serve.zone/baseos-contracts';
import { runsTarget, updateStage } from '../../updates/update-stage.js';
import type { DeviceView } from '../device/device-view.js';
import type { AskNotes, Prepared } from './command-action.js';
import { containersOf } from './container-notes.js';
import { refused, succeeded } from './ending.js';
import { findConcernedApp } from './find-concerned-app.js';
import { updateDetails } from './update-details.js';
import { sampleOf } from './update-looks.js';

const downloadRetryMs = 10_000;

/** Whether an update may be asked for now. Only a release that was ordered can be judged before the Supervisor looks for it. */
export function prepareUpdate(command: CommandRequest, view: DeviceView): Prepared {
  const concerned = findConcernedApp(command, view);
  if (concerned.kind !== 'found') return concerned;
  const { app } = concerned;
  const { appId, runningCommit, targetCommit } = app;
  const { commit } = command;
  if (commit !== undefined && targetCommit !== undefined && targetCommit !== commit) {
    const message = `This device is to run the release ${targetCommit}; the command is for ${commit}. If that was released just now, the Supervisor has not heard of it yet: send the command again later, or without a release.`;
    return { kind: 'end', ending: refused('other-release', message, updateDetails(app, runningCommit)) };
  }
  const sample = sampleOf(view, appId);
  const isApplied = sample !== undefined && runsTarget(app) && updateStage(sample).kind === 'applied';
  if (commit !== undefined && commit === runningCommit && isApplied) {
    return { kind: 'end', ending: succeeded(updateDetails(app, runningCommit)) };
  }
  const containers = containersOf(app);
  const notes: AskNotes = {
    kernelBootId: view.kernelBootId,
    appId,
    containers,
    fromCommit: runningCommit,
    targetCommit,
  };
  if (!app.isDownloading) return { kind: 'ready', notes };
  // A request would abort the download, and begin it again.
  if (command.force !== true) return { kind: 'follow', notes };
  const { downloadProgressPercent: progressPercent } = app;
  const reason = 'The release is being downloaded. It can be forced once that is done.';
  return { kind: 'wait', phase: 'downloading', reason, progressPercent, retryMs: downloadRetryMs };
}
