import type { Situation } from './scene.js';
import { appId } from './stage.js';

const stopMain = `POST /v2/applications/${appId}/stop-service` as const;
const startMain = `POST /v2/applications/${appId}/start-service` as const;

/** Nothing is under way but what a user asked the Supervisor for. */
export const settledSituations: readonly Situation[] = [
  {
    name: 'a managed device at rest',
    words: /^managed-(?:single|multi)(?: \||: (?:mutating|two services|tags|malformed|host-config|regenerate|reboot))/,
    scenes: [{ name: 'settled' }],
  },
  {
    name: 'services are stopped and started',
    words: /mutating|two services|after (?:stop|start)|start(?:ed)? after/,
    scenes: [
      {
        name: 'a service stops',
        arrange: ({ ask, after }) => after(0, () => ask(stopMain, { serviceName: 'main' })),
        courseMs: 3000,
      },
      {
        name: 'the second service stops',
        arrange: ({ ask, after }) => after(0, () => ask(stopMain, { serviceName: 'frontend' })),
        courseMs: 3000,
      },
      {
        name: 'a service is started again',
        arrange: async ({ ask, after }) => {
          await ask(stopMain, { serviceName: 'main' });
          after(0, () => ask(startMain, { serviceName: 'main' }));
        },
        courseMs: 2000,
      },
    ],
  },
  {
    name: 'the app is restarted or purged',
    words: /mutating|two services|\b(?:restart|purge)\b/,
    scenes: [
      {
        name: 'the app restarts',
        arrange: ({ ask, after }) => after(0, () => ask(`POST /v2/applications/${appId}/restart`)),
        courseMs: 8000,
      },
      {
        name: "the app's data is purged",
        arrange: ({ ask, after }) => after(0, () => ask(`POST /v2/applications/${appId}/purge`)),
        courseMs: 8000,
      },
      {
        name: 'a service restarts',
        arrange: ({ ask, after }) =>
          after(0, () => ask(`POST /v2/applications/${appId}/restart-service`, { serviceName: 'main' })),
        courseMs: 3000,
      },
    ],
  },
];
