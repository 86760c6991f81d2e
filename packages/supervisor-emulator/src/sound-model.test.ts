import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { startCaller } from './caller.js';
import type { Caller } from './caller.js';
import type { Supervisor } from './index.js';

const appIds = [1, 2];
const requests: readonly (readonly [string, unknown])[] = [
  ['POST /v1/update', {}],
  ['POST /v1/update', { force: true }],
  ['POST /v1/update', { cancel: true }],
  ['POST /v1/update', { force: true, cancel: true }],
  ['POST /v1/reboot', {}],
  ['POST /v1/shutdown', { force: true }],
  ['POST /v1/blink', undefined],
  ['POST /v1/regenerate-api-key', undefined],
  ...appIds.flatMap((appId) => [
    ['POST /v1/restart', { appId }] as const,
    ['POST /v1/purge', { appId, force: true }] as const,
    [`POST /v1/apps/${appId}/stop`, {}] as const,
    [`POST /v1/apps/${appId}/start`, {}] as const,
    [`POST /v2/applications/${appId}/restart-service`, { serviceName: 'main', force: true }] as const,
    [`POST /v2/applications/${appId}/stop-service`, { serviceName: 'side' }] as const,
    [`GET /v2/applications/${appId}/state`, undefined] as const,
    [`GET /v1/apps/${appId}`, undefined] as const,
  ]),
  ...['/v1/device', '/v2/state/status', '/v2/applications/state', '/v2/containerId', '/v2/cleanup-volumes'].map(
    (path) => [`GET ${path}`, undefined] as const,
  ),
];

const controls: Readonly<Record<string, (supervisor: Supervisor, count: number, appId: number) => void>> = {
  offer: (supervisor, count, appId) => supervisor.releaseAvailable({ commit: `c${count}`, appId }),
  offerBroken: (supervisor, count, appId) =>
    supervisor.releaseAvailable({ commit: `c${count}`, appId, pullable: false }),
  offerOld: (supervisor, _count, appId) => supervisor.releaseAvailable({ commit: `old${appId}`, appId }),
  lock: (supervisor, _count, appId) => supervisor.lock({ appId }),
  unlock: (supervisor, _count, appId) => supervisor.unlock({ appId }),
  hold: (supervisor, _count, appId) => supervisor.holdLocks({ appId }),
  release: (supervisor, _count, appId) => supervisor.releaseLocks({ appId }),
  restart: (supervisor) => supervisor.restartSupervisor(),
  stopEngine: (supervisor) => supervisor.setEngine('stopped'),
  hangEngine: (supervisor) => supervisor.setEngine('hung'),
  startEngine: (supervisor) => supervisor.setEngine('running'),
  cloudDown: (supervisor) => supervisor.setCloud('down'),
  cloudUp: (supervisor) => supervisor.setCloud('up'),
  hostUpdate: (supervisor, count) => supervisor.setHostUpdate(count % 2 === 0),
  rotate: (supervisor) => supervisor.rotateApiKey(),
  finishReboot: (supervisor) => void supervisor.finishReboot(),
};

type Step =
  | { readonly request: number }
  | { readonly control: string; readonly appId: number }
  | { readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.nat(requests.length - 1).map((request) => ({ request })),
    fc.record({ control: fc.constantFrom(...Object.keys(controls)), appId: fc.constantFrom(...appIds) }),
    fc.oneof(fc.nat(500), fc.nat(20_000)).map((ms) => ({ ms })),
  ),
  { maxLength: 40 },
);

/** Every container that was ever seen, so that none comes back. */
interface Seen {
  readonly gone: Set<string>;
  current: Set<string>;
}

function start(): Caller {
  return startCaller({
    apps: [
      { appId: 1, commit: 'old1', services: ['main'] },
      { appId: 2, commit: 'old2', services: ['main', 'side'] },
    ],
  });
}

function checkState({ supervisor }: Caller, seen: Seen): void {
  const { state } = supervisor;
  const containers = state.apps.flatMap((app) => app.containers);
  const ids = containers.map(({ containerId }) => containerId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[\da-f]{64}$/.test(id) && !seen.gone.has(id))).toBe(true);
  for (const id of seen.current) if (!ids.includes(id)) seen.gone.add(id);
  seen.current = new Set(ids);
  for (const app of state.apps) {
    expect(new Set(app.images.map(({ imageId }) => imageId)).size).toBe(app.images.length);
    const progress = app.update?.downloadProgress ?? 0;
    expect(progress >= 0 && progress <= 100).toBe(true);
    // Nothing on its way: all runs as it is said to, one container and image for each service.
    if (app.update ?? app.recreating) continue;
    const services = app.appId === 1 ? ['main'] : ['main', 'side'];
    expect(app.containers.map(({ serviceName }) => serviceName).toSorted()).toEqual(services);
    expect(app.images.map(({ serviceName }) => serviceName).toSorted()).toEqual(services);
    expect(app.containers.map(({ imageId }) => imageId).toSorted()).toEqual(
      app.images.map(({ imageId }) => imageId).toSorted(),
    );
  }
}

const known = new Set([200, 202, 204, 400, 401, 404, 409, 423, 500, 503]);

test('whatever is asked, done and waited for, the device stays one that can be', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const caller = start();
      const seen: Seen = { gone: new Set(), current: new Set() };
      const answers: Promise<unknown>[] = [];
      let count = 0;
      for (const step of history) {
        count += 1;
        if ('ms' in step) await caller.clock.advance(step.ms);
        else if ('control' in step) controls[step.control]?.(caller.supervisor, count, step.appId);
        else {
          const [line, body] = requests[step.request] ?? ['GET /ping', undefined];
          const answer = caller.call(line, body, caller.supervisor.globalApiKey).then(
            ({ status }) => expect(known).toContain(status),
            (error: TypeError) => expect(error.cause).toMatchObject({ code: /^ECONN(?:REFUSED|RESET)$/ }),
          );
          answers.push(answer.catch((error: unknown) => error));
          await caller.clock.advance(0);
        }
        checkState(caller, seen);
      }
      await calmDown(caller);
      expect((await Promise.all(answers)).filter((error) => error instanceof Error)).toEqual([]);
      checkState(caller, seen);
      const { state } = caller.supervisor;
      expect(
        state.apps.map(({ commit, targetCommit, update, busy }) => [commit === targetCommit, update, busy]),
      ).toEqual(appIds.map(() => [true, null, false]));
    }),
    { numRuns: 60 },
  );
});

/** All obstacles are taken away, and what is on its way gets the time it needs. */
async function calmDown({ supervisor, clock, call }: Caller): Promise<void> {
  await supervisor.finishReboot();
  supervisor.setEngine('running');
  supervisor.setCloud('up');
  for (const appId of appIds) {
    supervisor.unlock({ appId });
    supervisor.releaseLocks({ appId });
    supervisor.releaseAvailable({ commit: `last${appId}`, appId });
  }
  await clock.advance(60_000);
  expect(await call('POST /v1/update', { force: true, cancel: true }, supervisor.globalApiKey)).toMatchObject({
    status: 204,
  });
  await clock.advance(60_000);
}
