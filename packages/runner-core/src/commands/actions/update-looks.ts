import type { CommandRequest } from '@serve.zone/baseos-contracts';
import type { UpdateSample } from '../../updates/update-sample.js';
import type { DeviceView } from '../device/device-view.js';
import type { AskNotes, SinceAsk } from './command-action.js';
import { findApp } from './container-notes.js';

/** What an update is judged by. */
export interface UpdateLooks {
  command: CommandRequest;
  notes: AskNotes;
  view: DeviceView;
  sinceAsk: SinceAsk;
  /** What the newest look says. */
  current: UpdateSample;
  /** The newest looks that say something, oldest first; the last one is the current one. */
  samples: readonly UpdateSample[];
}

/** What a look at the device says about the update of an app; `undefined` if it says nothing. */
export function sampleOf(view: DeviceView, appId: number | undefined): UpdateSample | undefined {
  const app = findApp(view, appId);
  if (view.supervisor === undefined || app === undefined) return undefined;
  const { updatePending, updateFailed, updateDownloaded, appState } = view.supervisor;
  return { updatePending, updateFailed, updateDownloaded, appState, app };
}

/** The looks that say something about the update of an app, in their order. */
export function samplesOf(views: readonly DeviceView[], appId: number | undefined): UpdateSample[] {
  return views.flatMap((view) => sampleOf(view, appId) ?? []);
}
