import type { App, Apply, Model } from '../model/model.js';
import { retryDelayMs } from './stages.js';

/** An attempt has failed: the next one follows after the back-off. What has begun goes on meanwhile. */
export function failed({ era }: Model, app: App, apply: Apply, stage: 'blocked' | 'pull-failed', now: number): App {
  const failures = apply.failures + 1;
  return {
    ...app,
    apply: { ...apply, stage, failures, until: now + retryDelayMs(failures, era) },
    reported: { ...app.reported, pending: true, failed: true },
  };
}
