import type { App, Update } from './model.js';

/** What an update shows while it is at one stage. An absent status: that container or image is not there. */
export interface UpdateStage {
  readonly name: string;
  readonly oldContainer?: 'Running' | 'Stopping';
  readonly oldImage?: 'Downloaded' | 'Deleting';
  readonly newImage?: 'Downloading' | 'Downloaded';
  readonly newContainer?: 'Installing' | 'Installed' | 'Running';
  readonly pending: boolean;
  readonly failed: boolean;
  readonly downloaded: boolean;
}

interface TimedStage extends UpdateStage {
  readonly durationMs: number;
}

/** The target has been fetched and compared; nothing is to be seen of it yet. */
export const preparing: TimedStage = {
  name: 'preparing',
  durationMs: 200,
  oldContainer: 'Running',
  oldImage: 'Downloaded',
  pending: false,
  failed: false,
  downloaded: false,
};

const downloading: UpdateStage = { ...preparing, name: 'downloading', newImage: 'Downloading', pending: true };

/** Everything is downloaded, but the user's lock is held: the Supervisor tries again and again. */
const blocked: UpdateStage = {
  ...downloading,
  name: 'blocked',
  newImage: 'Downloaded',
  failed: true,
  downloaded: true,
};

const installing = { newImage: 'Downloaded', pending: true, failed: false, downloaded: true } as const;

/** From the lock taken to the release applied, in the order and at about the pace of a small device. */
const installation: readonly TimedStage[] = [
  { name: 'downloaded', durationMs: 300, ...installing, oldContainer: 'Running', oldImage: 'Downloaded' },
  { name: 'stopping', durationMs: 400, ...installing, oldContainer: 'Stopping', oldImage: 'Downloaded' },
  { name: 'stopped', durationMs: 900, ...installing, oldImage: 'Downloaded' },
  { name: 'deleting', durationMs: 150, ...installing, oldImage: 'Deleting' },
  { name: 'deleted', durationMs: 750, ...installing },
  { name: 'installing', durationMs: 250, ...installing, newContainer: 'Installing' },
  { name: 'installed', durationMs: 750, ...installing, newContainer: 'Installed' },
  { name: 'finishing', durationMs: 2500, ...installing, newContainer: 'Running' },
];

/** From the lock taken to the new containers being created. */
export const untilCreatedMs = totalMs(installation.slice(0, 6));

/** From the lock taken to the release applied. */
export const installationMs = totalMs(installation);

/** The stage an update is at. It depends on the time alone, so that looking twice changes nothing. */
export function stageOf(update: Update, now: number): UpdateStage {
  if (now < update.startedAt + preparing.durationMs) return preparing;
  if (now < update.fetchedAt) return downloading;
  if (update.installingAt === null || now < update.installingAt) return blocked;
  let endsAt = update.installingAt;
  const stage = installation.find(({ durationMs }) => now < (endsAt += durationMs));
  return stage ?? (installation.at(-1) as TimedStage);
}

/** How much is downloaded, in whole percent, as the Supervisor rounds it. */
export function downloadPercent(update: Update, now: number): number {
  const from = update.startedAt + preparing.durationMs;
  if (now >= update.fetchedAt) return 100;
  return Math.min(100, Math.max(0, Math.round(((now - from) / (update.fetchedAt - from)) * 100)));
}

/** Whether the update waits for the user's lock. */
export function isBlocked(app: App, now: number): boolean {
  return app.update !== null && stageOf(app.update, now) === blocked;
}

function totalMs(stages: readonly TimedStage[]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
