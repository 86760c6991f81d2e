import type { Scene, Situation } from './scene.js';
import { appId } from './recorded-device.js';

/** Nothing is under way but what a user asked the Supervisor for. */
export const settledSituations: readonly Situation[] = [
  {
    name: 'a device at rest',
    possible:
      /^managed-\w+(?: \||: (?:mutating|two services|host-config|tags|regenerate|reboot|malformed|update lock))|^unmanaged/,
    scenes: [{ name: 'at rest' }],
  },
  {
    name: 'services are stopped and started',
    certain: /\| .*after (?:stop|start)/,
    possible: /mutating|two services|\bstart after/,
    on: 'managed',
    scenes: [
      {
        name: 'a service stops',
        arrange: ({ begin }) => begin(`POST /v2/applications/${appId}/stop-service`, { serviceName: 'main' }),
        courseMs: 3000,
      },
      {
        name: 'the second service stops',
        arrange: ({ begin }) => begin(`POST /v2/applications/${appId}/stop-service`, { serviceName: 'frontend' }),
        courseMs: 3000,
      },
      {
        name: 'a service is started again',
        arrange: async ({ ask, begin }) => {
          await ask(`POST /v2/applications/${appId}/stop-service`, { serviceName: 'main' });
          await begin(`POST /v2/applications/${appId}/start-service`, { serviceName: 'main' });
        },
        courseMs: 2000,
      },
    ],
  },
  {
    name: 'the app is restarted or purged',
    possible: /mutating|two services|\b(?:restart|purge)\b/,
    on: 'managed',
    scenes: [
      {
        name: 'the app restarts',
        arrange: ({ begin }) => begin(`POST /v2/applications/${appId}/restart`),
        courseMs: 6000,
      },
      {
        name: "the app's data is purged",
        arrange: ({ begin }) => begin(`POST /v2/applications/${appId}/purge`),
        courseMs: 6000,
      },
      {
        name: 'a service restarts',
        arrange: ({ begin }) => begin(`POST /v2/applications/${appId}/restart-service`, { serviceName: 'main' }),
        courseMs: 3000,
      },
    ],
  },
  {
    name: 'two requests are under way',
    certain: /concurrent/,
    on: 'managed',
    scenes: [
      {
        name: 'another such request follows',
        arrange: ({ send, after }, { request }) => {
          for (const afterMs of [50, 400]) after(afterMs, () => send(request, 60_000));
        },
      },
      {
        name: 'another such request is under way',
        arrange: async ({ send, after, pass }, { request }) => {
          after(0, () => send(request, 60_000));
          await pass(50);
        },
        courseMs: 2000,
      },
      ...['restart', 'purge', 'restart-service'].map((operation): Scene => ({
        name: `a ${operation} is under way`,
        arrange: ({ begin }) => begin(`POST /v2/applications/${appId}/${operation}`, { serviceName: 'main' }),
        courseMs: 4000,
      })),
    ],
  },
  {
    name: 'the device has no tags',
    possible: /\btags\b/,
    on: 'managed',
    scenes: [{ name: 'without tags', device: { tags: {} } }],
  },
];
