import type { Era } from '../eras/era.js';
import type { Apply, ApplyGoal } from '../model/model.js';

/** How long the parts of an apply take, in ms, at about the pace of a small device. */
export interface Durations {
  /** Until the Supervisor knows what there is to do. */
  preparing: number;
  /** Until containers are touched after the locks are taken. */
  lock: number;
  kill: number;
  afterKill: number;
  delete: number;
  afterDelete: number;
  install: number;
  /** From created to started. */
  run: number;
  /** Until the release counts as the running one, and the locks are released. */
  finishing: number;
  /** Until that is reported, and the apply is over. */
  reporting: number;
}

/** The durations of an apply. A download has its own. */
export function durationsOf({ goal, isSmall }: Pick<Apply, 'goal' | 'isSmall'>): Durations {
  return durationsMs[goal === 'target' && isSmall ? 'small' : goal];
}

const durationsMs: Readonly<Record<ApplyGoal | 'small', Durations>> = {
  target: {
    preparing: 200,
    lock: 300,
    kill: 400,
    afterKill: 900,
    delete: 150,
    afterDelete: 750,
    install: 250,
    run: 750,
    finishing: 1100,
    reporting: 1400,
  },
  small: {
    preparing: 200,
    lock: 300,
    kill: 150,
    afterKill: 50,
    delete: 100,
    afterDelete: 100,
    install: 100,
    run: 250,
    finishing: 350,
    reporting: 150,
  },
  restart: recreation(450),
  purge: recreation(850),
};

function recreation(afterKill: number): Durations {
  const unused = { preparing: 0, delete: 0, afterDelete: 0, reporting: 0 };
  return { ...unused, lock: 200, kill: 250, afterKill, install: 200, run: 200, finishing: 500 };
}

/** How much later each further one of several containers or images is done, in ms. */
export const staggerMs = 50;

/** How long an update is reported as pending before anything of it begins, in ms. */
export const pendingMs = 50;

/** How long before it is started a container is said to be starting, in ms. */
export const startingMs = 150;

/** How long an attempt to take the locks takes that is refused, in ms. */
export const refusedLockMs = 100;

/** The pause after an image was deleted if no container was touched, in ms. */
export const afterLoneDeleteMs = 100;

/** How long a failing download takes, in ms. */
export const failingPullMs = 300;

/** After a failure the Supervisor tries again in 1 s, 2 s, 4 s ... up to 15 min, the oldest up to 30 s. */
export function retryDelayMs(failures: number, { shortBackOff }: Era): number {
  return Math.min(2 ** failures * 500, shortBackOff ? shortRetryMs : longestRetryMs);
}

const longestRetryMs = 15 * 60_000;
const shortRetryMs = 30_000;
