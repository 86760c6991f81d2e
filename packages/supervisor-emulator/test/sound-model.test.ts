import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { startCaller } from './caller.js';
import type { Caller } from './caller.js';
import type { Supervisor } from '../src/index.js';

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
    [`POST /v2/applications/${appId}/start-service`, { serviceName: 'main' }] as const,
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
  offerSame: (supervisor, count, appId) =>
    supervisor.releaseAvailable({
      commit: `c${count}`,
      appId,
      services: (appId === 1 ? ['main'] : ['main', 'side']).map((serviceName) => ({
        serviceName,
        image: 'same-contents',
      })),
    }),
  offerHandOver: (supervisor, count, appId) =>
    supervisor.releaseAvailable({
      commit: `c${count}`,
      appId,
      services:
        appId === 1
          ? [{ serviceName: 'main', strategy: 'hand-over' }]
          : ['side', { serviceName: 'main', strategy: 'kill-then-download', stopDurationMs: 3000 }],
    }),
  poll: (supervisor) => supervisor.pollCloud(),
  kill: (supervisor, count) => supervisor.killSupervisor({ downMs: 100 * (count % 30) }),
  rebootHost: (supervisor) => supervisor.rebootHost(),
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

type Step = { request: number } | { control: string; appId: number } | { ms: number };

// Updates and their interruptions are the most frequent events, at intervals that reach different stages.
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.nat(requests.length - 1).map((request): Step => ({ request })) },
    { weight: 2, arbitrary: fc.nat(3).map((request): Step => ({ request })) },
    { weight: 2, arbitrary: stepsOf(...Object.keys(controls)) },
    { weight: 2, arbitrary: stepsOf('offer', 'offerOld', 'restart', 'finishReboot') },
    { weight: 3, arbitrary: fc.oneof(fc.nat(600), fc.integer({ min: 5000, max: 9000 }), fc.nat(60_000)).map(toPause) },
  ),
  { maxLength: 40 },
);

function stepsOf(...names: string[]): fc.Arbitrary<Step> {
  return fc.record({ control: fc.constantFrom(...names), appId: fc.constantFrom(...appIds) });
}

function toPause(ms: number): Step {
  return { ms };
}

/** Every container ever seen, to check that none reappears. */
interface Seen {
  gone: Set<string>;
  current: Set<string>;
}

function start(supervisorVersion = '19.0.5'): Caller {
  return startCaller({
    supervisorVersion,
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
    expect(new Set(app.containers.map(({ imageId }) => imageId))).toEqual(
      new Set(app.images.map(({ imageId }) => imageId)),
    );
  }
}

/** A state that no Supervisor would have; undefined if there is none. */
function whatIsWrong(answer: Promise<{ status: number }>): Promise<string | undefined> {
  return answer.then(
    ({ status }) => (known.has(status) ? undefined : `answered ${status}`),
    (error: TypeError) => {
      const { code } = error.cause as { code?: string };
      return code === 'ECONNREFUSED' || code === 'ECONNRESET' ? undefined : String(error);
    },
  );
}

const known = new Set([200, 202, 204, 400, 401, 404, 409, 423, 500, 503]);

/** The last versions before many things change; most often the newest. */
const versions = fc.oneof(
  { weight: 2, arbitrary: fc.constant('19.0.5') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('17.4.6', '16.7.7', '14.4.10', '12.2.10', '10.3.7', '9.0.0', '7.0.0', '6.6.11'),
  },
);

test('whatever is requested, done and awaited, the device of any version stays valid', async () => {
  await fc.assert(
    fc.asyncProperty(versions, steps, async (version, history) => {
      const caller = start(version);
      const seen: Seen = { gone: new Set(), current: new Set() };
      const given: (string | undefined)[] = [];
      let asked = 0;
      let count = 0;
      for (const step of history) {
        count += 1;
        if ('ms' in step) await caller.clock.advance(step.ms);
        else if ('control' in step) controls[step.control]?.(caller.supervisor, count, step.appId);
        else {
          const [line, body] = requests[step.request] ?? ['GET /ping', undefined];
          asked += 1;
          const answer = caller.call(line, body, caller.supervisor.globalApiKey);
          void whatIsWrong(answer).then((wrong) => given.push(wrong));
          await caller.clock.advance(0);
        }
        checkState(caller, seen);
      }
      await calmDown(caller);
      // Older ones leave some requests without an answer.
      expect(given.length).toBeGreaterThanOrEqual(version === '19.0.5' ? asked : 0);
      expect(given.filter((wrong) => wrong !== undefined)).toEqual([]);
      checkState(caller, seen);
      const { state } = caller.supervisor;
      expect(
        state.apps.map(({ commit, targetCommit, update, busy }) => [commit === targetCommit, update, busy]),
      ).toEqual(appIds.map(() => [true, undefined, false]));
    }),
    { numRuns: 150 },
  );
});

/** Removes all obstacles, and gives pending work the time it needs. */
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
  // A shutdown that waited for locks has got them.
  await supervisor.finishReboot();
  expect(await call('POST /v1/update', { force: true, cancel: true }, supervisor.globalApiKey)).toMatchObject({
    status: 204,
  });
  await clock.advance(60_000);
}

const cuts: Readonly<Record<string, (caller: Caller) => unknown>> = {
  'an update asked for once more': ({ call }) => call('POST /v1/update', {}),
  'a cancelled update': ({ call }) => call('POST /v1/update', { cancel: true }),
  'a newer release': ({ supervisor, call }) => {
    supervisor.releaseAvailable({ commit: 'newer' });
    return call('POST /v1/update', {});
  },
  'the release before': ({ supervisor, call }) => {
    supervisor.releaseAvailable({ commit: 'old1' });
    return call('POST /v1/update', {});
  },
  'a restart of the app': ({ call }) => call('POST /v1/restart', { appId: 1 }),
  'a purge': ({ call }) => call('POST /v1/purge', { appId: 1 }),
  'a stop of the service': ({ call }) => call('POST /v2/applications/1/stop-service', { serviceName: 'main' }),
  'a restart of the Supervisor': ({ supervisor }) => supervisor.restartSupervisor(),
  'a forced reboot': ({ call }) => call('POST /v1/reboot', { force: true }),
};

const stages = {
  preparing: 100,
  downloading: 2700,
  downloaded: 5300,
  stopping: 5600,
  stopped: 6000,
  deleting: 6900,
  deleted: 7500,
  installing: 7800,
  installed: 8200,
  finishing: 9000,
};

const everyCut = Object.entries(stages).flatMap(([stage, elapsedMs]) =>
  Object.entries(cuts).map(([name, cut]) => [stage, elapsedMs, name, cut] as const),
);

test.each(everyCut)('an update interrupted at %s (%i ms) by %s completes', async (stage, elapsedMs, name, cut) => {
  const caller = start();
  const seen: Seen = { gone: new Set(), current: new Set() };
  caller.supervisor.releaseAvailable({ commit: 'new' });
  await caller.call('POST /v1/update', {});
  await caller.clock.advance(elapsedMs);
  expect(caller.supervisor.state.apps[0]?.update?.stage).toBe(stage);
  const answer = Promise.resolve(cut(caller));
  for (let second = 0; second < 40; second += 1) {
    await caller.clock.advance(1000);
    checkState(caller, seen);
  }
  await answer;
  const commit = { 'a newer release': 'newer', 'the release before': 'old1' }[name] ?? 'new';
  expect(caller.supervisor.state.apps[0]).toMatchObject({
    commit,
    targetCommit: commit,
    update: undefined,
    busy: false,
  });
  expect(await caller.read('/v1/device', caller.supervisor.globalApiKey)).toMatchObject({
    commit,
    update_pending: false,
  });
});
