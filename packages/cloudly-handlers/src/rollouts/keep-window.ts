import type { Draft } from './draft.js';
import { pauseRollout, resumeRollout } from './pause-rollout.js';
import type { isWindowOpen } from './window.js';

/** Pauses a rollout while its window is closed. */
export function keepWindow(draft: Draft, by: { isWindowOpen: typeof isWindowOpen }): void {
  const { state, pause, window } = draft.rollout();
  const isOpen = window === undefined || by.isWindowOpen(window, draft.nowMs);
  if (state === 'running' && !isOpen) pauseRollout(draft, 'window', 'system');
  if (state === 'paused' && pause?.reason === 'window' && isOpen) resumeRollout(draft);
}
