import type { ReleaseOffer } from '@serve.zone/balena-supervisor-emulator';
import type { Scene, Situation } from './scene.js';
import { appId } from './recorded-device.js';
import type { Stage } from './stage.js';

/** The cloud offers a release, and the Supervisor is asked to look for it. */
async function beginUpdate({ supervisor, begin }: Stage, release: Partial<ReleaseOffer> = {}): Promise<void> {
  supervisor.releaseAvailable({
    commit: 'c3c3d2e3f4a5968778695a4b3c2d1e0f',
    downloadDurationMs: downloadMs,
    ...release,
  });
  await begin('POST /v1/update');
}

async function beginBlockedUpdate(stage: Stage): Promise<void> {
  stage.supervisor.lock();
  await beginUpdate(stage);
}

/** Its image comes before the running one in `GET /v1/device`, which shows the first. */
const older = { firstImageId: 900_000 } as const;
/** Long enough for the moment at which all is there and not yet noted: the last half percent. */
const downloadMs = 12_000;
const updateMs = downloadMs + 7000;

/** An update that is cancelled on its way because the cloud wants something else now, or wants it again. */
function cancelled(name: string, wanted: Partial<ReleaseOffer>): Scene {
  return {
    name: `an update is cancelled for ${name}`,
    arrange: async (stage) => {
      await beginUpdate(stage, { downloadDurationMs: 60_000 });
      await stage.pass(1000);
      stage.supervisor.releaseAvailable({ commit: 'd4d4d2e3f4a5968778695a4b3c2d1e0f', ...wanted });
      await stage.begin('POST /v1/update', { cancel: true });
    },
    courseMs: updateMs,
  };
}

/** A release is on its way to the device. */
export const updateSituations: readonly Situation[] = [
  {
    name: 'an update',
    certain: /update to a new release|during update/,
    possible: /new release|\bupdate to\b/,
    on: 'managed',
    scenes: [
      { name: 'an update', arrange: (stage) => beginUpdate(stage), courseMs: updateMs },
      { name: 'an update to an older image', arrange: (stage) => beginUpdate(stage, older), courseMs: updateMs },
    ],
  },
  {
    name: 'a lock holds an update up',
    certain: /\| (?:.*\b)?(?:locked|blocked)\b|update (?:is )?blocked/,
    possible: /lock|blocked/,
    on: 'managed',
    scenes: [
      { name: 'a lock holds an update up', arrange: beginBlockedUpdate, courseMs: updateMs },
      ...[{ force: true }, { force: true, cancel: true }].map((wish): Scene => ({
        name: `an update is forced past a lock with ${Object.keys(wish).join(' and ')}`,
        arrange: async (stage) => {
          await beginBlockedUpdate(stage);
          await stage.pass(downloadMs + 2000);
          await stage.begin('POST /v1/update', wish);
        },
        courseMs: updateMs,
      })),
      {
        name: 'the lock that held an update up is released',
        arrange: async (stage) => {
          await beginBlockedUpdate(stage);
          await stage.pass(downloadMs + 2000);
          stage.supervisor.unlock();
        },
        courseMs: updateMs,
      },
    ],
  },
  {
    name: 'an update is cancelled',
    certain: /cancelled|after cancel/,
    on: 'managed',
    scenes: [
      cancelled('an older image', { ...older, downloadDurationMs: 200 }),
      cancelled('a newer image', { downloadDurationMs: 200 }),
      { name: 'an update that continues', arrange: (stage) => beginUpdate(stage), courseMs: updateMs },
    ],
  },
  {
    name: 'the app restarts in the middle of an update',
    certain: /restart requested while|restart while downloading/,
    on: 'managed',
    scenes: [
      {
        name: 'an update downloads',
        arrange: (stage) => beginUpdate(stage, { downloadDurationMs: 60_000 }),
        courseMs: 2000,
      },
      {
        name: 'the app restarts in the middle of a download',
        arrange: async (stage) => {
          await beginUpdate(stage, { downloadDurationMs: 8000 });
          await stage.pass(1000);
          await stage.begin('POST /v1/restart', { appId });
        },
        courseMs: 20_000,
      },
    ],
  },
  {
    name: 'a release is not available',
    certain: /cannot be pulled|broken release|failing update/,
    on: 'managed',
    scenes: [
      { name: 'an update fails', arrange: (stage) => beginUpdate(stage, { pullable: false }), courseMs: updateMs },
      {
        name: 'an update to an older image fails',
        arrange: (stage) => beginUpdate(stage, { ...older, pullable: false }),
        courseMs: updateMs,
      },
    ],
  },
];
