import type { DeviceView } from '../device/device-view.js';
import type { AskNotes } from './command-action.js';
import { notesOfApp } from './container-notes.js';
import type { ConcernedService } from './find-concerned-service.js';

/** What is remembered of one service before it is restarted, started or stopped. */
export function notesOfService({ app, service }: ConcernedService, view: DeviceView): AskNotes {
  return notesOfApp(app, view, ({ name }) => name === service);
}
