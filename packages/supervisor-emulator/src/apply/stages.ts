import type { Era } from '../eras/era.js';
import type { ApplyGoal, StageName } from '../model/model.js';

/**
 * How long each stage takes, in ms, in the order and at about the pace of a small device. A stage that is not listed has a
 * variable length: a download, or a wait for a lock.
 */
export const stageDurationsMs: Readonly<Record<ApplyGoal, Partial<Record<StageName, number>>>> = {
  target: {
    preparing: 200,
    downloaded: 300,
    stopping: 400,
    stopped: 900,
    deleting: 150,
    deleted: 750,
    installing: 250,
    installed: 750,
    finishing: 2500,
  },
  restart: { downloaded: 200, stopping: 250, stopped: 450, installing: 200, installed: 200, finishing: 500 },
  purge: { downloaded: 200, stopping: 250, stopped: 850, installing: 200, installed: 200, finishing: 500 },
};

/** How long a failing download takes. */
export const failingPullMs = 300;

/** The stages during which the Supervisor holds the app's locks. */
export const lockedStages: ReadonlySet<StageName> = new Set([
  'downloaded',
  'stopping',
  'stopped',
  'deleting',
  'deleted',
  'installing',
  'installed',
  'finishing',
]);

/** After a failure the Supervisor tries again in 1 s, 2 s, 4 s ... up to 15 min, the oldest up to 30 s. */
export function retryDelayMs(failures: number, { shortBackOff }: Era): number {
  return Math.min(2 ** failures * 500, shortBackOff ? shortRetryMs : longestRetryMs);
}

const longestRetryMs = 15 * 60_000;
const shortRetryMs = 30_000;
