import type { DeviceView } from '../device/device-view.js';
import type { AskNotes } from './command-action.js';
import { containersOf } from './container-notes.js';
import type { ConcernedService } from './find-concerned-service.js';

/** What is remembered of one service before it is restarted, started or stopped. */
export function notesOfService({ app, service }: ConcernedService, { kernelBootId }: DeviceView): AskNotes {
  const { appId, runningCommit, targetCommit } = app;
  const containers = containersOf(app, ({ name }) => name === service);
  return { kernelBootId, appId, containers, fromCommit: runningCommit, targetCommit };
}
