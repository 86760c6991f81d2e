import type { Situation } from './scene.js';

/** Something keeps the Supervisor from touching the app. */
export const lockSituations: readonly Situation[] = [
  {
    name: 'a service holds its update lock',
    certain: /\| (?:.*\b)?(?:locked|holds (?:the |its |a )?(?:update )?lock)\b/,
    possible: /\block/,
    on: 'managed',
    scenes: [
      { name: 'main holds its update lock', arrange: ({ supervisor }) => supervisor.lock({ serviceName: 'main' }) },
      {
        name: 'the second service holds its update lock',
        arrange: ({ supervisor }) => {
          const names = supervisor.state.apps[0]?.containers.map(({ serviceName }) => serviceName) ?? [];
          const serviceName = names.find((name) => name !== 'main');
          if (serviceName !== undefined) supervisor.lock({ serviceName });
        },
      },
    ],
  },
  {
    name: 'the Supervisor itself holds the locks',
    certain: /holds the app lock|apply in progress|busy/,
    on: 'managed',
    scenes: [{ name: 'another operation holds the locks', arrange: ({ supervisor }) => supervisor.holdLocks() }],
  },
];
