import type { Situation } from './scene.js';

/** Something keeps the Supervisor from touching the app. */
export const lockSituations: readonly Situation[] = [
  {
    name: 'a service holds its update lock',
    words: /\block/,
    scenes: [
      { name: 'main holds its update lock', arrange: ({ supervisor }) => supervisor.lock({ serviceName: 'main' }) },
      {
        name: 'the second service holds its update lock',
        device: { apps: [{ appId: 1_234_567, services: ['main', 'frontend'] }] },
        arrange: ({ supervisor }) => supervisor.lock({ serviceName: 'frontend' }),
      },
      {
        name: 'the lock was released',
        arrange: ({ supervisor }) => {
          supervisor.lock();
          supervisor.unlock();
        },
      },
    ],
  },
];
