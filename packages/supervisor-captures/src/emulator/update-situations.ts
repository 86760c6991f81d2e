import type { Situation } from './scene.js';
import { appId, type Stage } from './stage.js';

const device = { downloadDurationMs: 2000 } as const;
const updateMs = 9000;

/** The cloud offers a release and the Supervisor is told to look. A lower image ID comes before that of the running one. */
async function beginUpdate({ supervisor, after, ask }: Stage, release: { firstImageId?: number } = {}): Promise<void> {
  supervisor.releaseAvailable({ commit: 'c3c3d2e3f4a5968778695a4b3c2d1e0f', ...release });
  after(0, () => ask('POST /v1/update'));
}

const older = { firstImageId: 900_000 } as const;

/** A release is on its way to the device. */
export const updateSituations: readonly Situation[] = [
  {
    name: 'an update',
    words: /new release|\bupdate to\b/,
    scenes: [
      { name: 'an update', device, arrange: (stage) => beginUpdate(stage), courseMs: updateMs },
      {
        name: 'an update to an older image',
        device,
        arrange: (stage) => beginUpdate(stage, older),
        courseMs: updateMs,
      },
    ],
  },
  {
    name: 'an update that a lock holds up',
    words: /lock|mutating|blocked/,
    scenes: [
      {
        name: 'an update that a lock holds up',
        device,
        arrange: async (stage) => {
          stage.supervisor.lock();
          await beginUpdate(stage);
        },
        courseMs: updateMs,
      },
    ],
  },
  {
    name: 'an update is cancelled',
    words: /cancel/,
    scenes: [older, {}].map((release) => ({
      name:
        'firstImageId' in release
          ? 'an update is cancelled for an older image'
          : 'an update is cancelled for a newer one',
      device,
      arrange: async (stage: Stage) => {
        await beginUpdate(stage);
        await stage.pass(1000);
        stage.supervisor.releaseAvailable({ commit: 'd4d4d2e3f4a5968778695a4b3c2d1e0f', ...release });
        stage.after(0, () => stage.ask('POST /v1/update', { cancel: true }));
      },
      courseMs: updateMs,
    })),
  },
  {
    name: 'a restart in the middle of an update',
    words: /restart requested while/,
    scenes: [
      {
        name: 'a restart in the middle of a download',
        device: { downloadDurationMs: 60_000 },
        arrange: async (stage) => {
          await beginUpdate(stage);
          await stage.pass(1000);
          stage.after(0, () => stage.ask('POST /v1/restart', { appId }));
        },
        courseMs: updateMs,
      },
    ],
  },
];
