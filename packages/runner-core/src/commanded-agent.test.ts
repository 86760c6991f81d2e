import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { type CommandOrder, createJoinToken, queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identity, MemoryIdentityStore } from '../test/memory-identity-store.js';
import { heartbeatOutcomes } from '../test/outcomes.js';
import { listenAsCloudly } from '../test/real-cloudly.js';
import { simulate } from '../test/simulation.js';
import { commandId, FakeJournal, listed } from '../test/worker-rig.js';
import { BaseRunner } from './base-runner.js';
import type { CommandSupervisor } from './base-runner-options.js';
import { fakeSupervisor } from '../test/fake-supervisor.js';
import { Secret } from './values/secret.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

describe('an agent, a Cloudly and a Supervisor on sockets', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'baseos-commanded-'));
  });
  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
    closing.length = 0;
    // On a busy machine, an agent that was stopped may still be withdrawing its status.
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  async function commanded(more: Record<string, string> = {}) {
    const cloudly = await listenAsCloudly();
    closing.push(async () => cloudly.close());
    const { joinToken } = await createJoinToken(cloudly.store);
    const supervisor = createSupervisor({ apps: [{ appId: 7, services: ['main', 'baserunner'] }] });
    const { address, close } = await supervisor.listen();
    closing.push(close);
    const runner = BaseRunner.fromEnv({
      BASEOS_STATE_PATH: join(directory, 'state', 'state.json'),
      BASEOS_RUN_PATH: join(directory, 'run'),
      BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
      BASEOS_START_SPREAD_MS: '0',
      BASEOS_CLOUDLY_URL: cloudly.url,
      BASEOS_JOIN_TOKEN: joinToken,
      BALENA_SUPERVISOR_ADDRESS: address,
      BALENA_SUPERVISOR_API_KEY: supervisor.apiKeyOf({ serviceName: 'baserunner' }),
      BALENA_APP_ID: '7',
      BALENA_SERVICE_NAME: 'baserunner',
      ...more,
    });
    closing.push(async () => runner.stop());
    await runner.start();
    await expect.poll(() => runner.status().cloudly.heartbeatsAcknowledged, { timeout: 60_000 }).toBeGreaterThan(0);
    const nodeId = runner.status().cloudly.nodeId ?? '';
    const resultOf = async (order: CommandOrder) => {
      const queued = await queueCommand(cloudly.store, nodeId, order);
      if (queued.outcome !== 'queued') throw new Error(queued.outcome);
      const { id } = queued.command;
      const find = async () => (await cloudly.store.findCommand(nodeId, id))?.result;
      await expect.poll(find, { timeout: 60_000, interval: 50 }).toBeDefined();
      return find();
    };
    return { cloudly, supervisor, runner, nodeId, resultOf };
  }

  test('carries commands out and tells how they ended', async () => {
    const { supervisor, runner, resultOf } = await commanded();
    expect(await resultOf({ kind: 'blink' })).toMatchObject({ outcome: 'succeeded' });
    expect(await resultOf({ kind: 'restart-service', service: 'main' })).toMatchObject({ outcome: 'succeeded' });
    expect(await resultOf({ kind: 'stop-service', service: 'baserunner' })).toMatchObject({
      outcome: 'refused',
      error: { code: 'own-agent' },
    });
    expect(await resultOf({ kind: 'shutdown' })).toMatchObject({ outcome: 'refused', error: { code: 'not-accepted' } });
    expect(await resultOf({ kind: 'preview', of: { kind: 'reboot' } })).toMatchObject({
      outcome: 'succeeded',
      details: { accepted: true },
    });
    const asked = supervisor.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(asked).toEqual(['/v1/blink', '/v2/applications/7/restart-service']);
    expect(runner.status().commands.accepted).toContain('restart-service');
    const journal: unknown = JSON.parse(await readFile(join(directory, 'state', 'journal.json'), 'utf8'));
    expect(journal).toMatchObject({ entries: [{ kind: 'blink' }, {}, {}, {}, {}] });
  });

  test('asks the hook of the environment first', async () => {
    const { resultOf } = await commanded({ BASEOS_COMMAND_HOOK: '/bin/false' });
    expect(await resultOf({ kind: 'blink' })).toMatchObject({
      outcome: 'refused',
      error: { code: 'refused-by-device' },
    });
  });
});

describe('an agent that is commanded', () => {
  function enrolledStore() {
    return new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file');
  }

  /** A Supervisor that does at once what it is asked. */
  function obedient(blinks: { count: number }): CommandSupervisor {
    const nothing = async () => undefined;
    return {
      ...fakeSupervisor(),
      apps: { list: async () => [] },
      blink: async () => void (blinks.count += 1),
      reboot: nothing,
      shutdown: nothing,
      update: async () => {
        throw new Error('Nobody updates it.');
      },
      app: () => {
        throw new Error('There is none.');
      },
    };
  }

  test('brings its next heartbeats forward, and goes back to its interval', async () => {
    const blinks = { count: 0 };
    const { runner, clock, cloudly } = simulate({
      store: enrolledStore(),
      fraction: 0,
      commandSupervisor: obedient(blinks),
      openJournal: async () => new FakeJournal().open(),
    });
    cloudly.onHeartbeat = ({ request }) =>
      cloudly.acknowledged({
        desiredState: {
          commands: cloudly.heartbeats.length === 2 && !request.commandResults ? [listed(1, { kind: 'blink' })] : [],
        },
      });
    await runner.start();
    await clock.advance(5 * MINUTE_MS);
    expect(blinks.count).toBe(1);
    const results = cloudly.heartbeats.map(({ request }) => request.commandResults?.[0]?.outcome);
    expect(results.filter((outcome) => outcome !== undefined)).toEqual(['succeeded']);
    const atMs = cloudly.heartbeats.map((heartbeat) => heartbeat.atMs);
    const told = atMs[results.indexOf('succeeded')] ?? Number.NaN;
    expect(told - MINUTE_MS).toBeLessThanOrEqual(10 * SECOND_MS);
    const later = atMs.filter((each) => each > told);
    expect(later).toEqual(later.map((_each, index) => told + (index + 1) * MINUTE_MS));
    await Promise.all([runner.stop(), clock.advance(2 * SECOND_MS)]);
  });

  test('tells what its predecessor had no time to tell at once', async () => {
    const journal = new FakeJournal();
    const endedAt = '2026-11-30T00:00:00.000Z';
    const result = { id: commandId(1), outcome: 'succeeded' as const };
    journal.stored = { entries: [{ state: 'ended', id: commandId(1), kind: 'blink', result, endedAt }] };
    const { runner, clock, cloudly } = simulate({
      store: enrolledStore(),
      fraction: 0.9,
      openJournal: async () => journal.open(),
    });
    await runner.start();
    await clock.advance(0);
    expect(cloudly.heartbeats.map(({ request }) => request.commandResults)).toEqual([[result]]);
    await Promise.all([runner.stop(), clock.advance(2 * SECOND_MS)]);
    expect(journal.stored.entries).toMatchObject([{ state: 'told' }]);
  });

  test('sends the other results although Cloudly refuses one', async () => {
    const journal = new FakeJournal();
    const endedAt = '2026-11-30T00:00:00.000Z';
    journal.stored = {
      entries: [1, 2, 3].map((number) => {
        const result = { id: commandId(number), outcome: 'succeeded' as const, durationMs: number };
        return { state: 'ended', id: commandId(number), kind: 'blink', result, endedAt };
      }),
    };
    const { runner, clock, cloudly, told } = simulate({
      store: enrolledStore(),
      fraction: 0,
      openJournal: async () => journal.open(),
    });
    const taken = new Set<string>();
    cloudly.onHeartbeat = ({ request: { commandResults = [] } }) => {
      if (commandResults.some(({ id }) => id === commandId(2))) return heartbeatOutcomes.refused;
      for (const { id } of commandResults) taken.add(id);
      return undefined;
    };
    await runner.start();
    await clock.advance(60 * MINUTE_MS);
    expect([...taken].toSorted()).toEqual([commandId(1), commandId(3)]);
    expect(told().filter((message) => message.includes('refuses the result'))).toHaveLength(1);
    expect(cloudly.heartbeats.at(-1)?.request.commandResults).toBeUndefined();
    await Promise.all([runner.stop(), clock.advance(2 * SECOND_MS)]);
  });

  test.each(['revoked', 'node-token-rejected'] as const)(
    'no longer tries what its Cloudly has listed once it is %s',
    async (verdict) => {
      const blinks = { count: 0 };
      let isReady = false;
      const { runner, clock, cloudly, told } = simulate({
        store: enrolledStore(),
        fraction: 0,
        commandSupervisor: obedient(blinks),
        onCommand: () => (isReady ? 'run' : { postpone: 'Not now.' }),
        openJournal: async () => new FakeJournal().open(),
      });
      cloudly.onHeartbeat = () =>
        cloudly.heartbeats.length === 1
          ? cloudly.acknowledged({ desiredState: { commands: [listed(1, { kind: 'blink' })] } })
          : heartbeatOutcomes[verdict];
      await runner.start();
      await clock.advance(30 * SECOND_MS);
      isReady = true;
      await clock.advance(30 * MINUTE_MS);
      expect(blinks.count).toBe(0);
      expect(told().filter((message) => message.includes('is dropped before it began'))).toHaveLength(1);
      await Promise.all([runner.stop(), clock.advance(2 * SECOND_MS)]);
    },
  );

  test('notes that it was told to stop while a command ran', async () => {
    const journal = new FakeJournal();
    const { runner, clock, cloudly } = simulate({
      store: enrolledStore(),
      fraction: 0,
      commandSupervisor: obedient({ count: 0 }),
      openJournal: async () => journal.open(),
    });
    cloudly.onHeartbeat = () =>
      cloudly.acknowledged({
        desiredState: { commands: cloudly.heartbeats.length > 1 ? [listed(1, { kind: 'reboot' })] : [] },
      });
    await runner.start();
    await clock.advance(2 * MINUTE_MS);
    expect(runner.status().commands.running).toMatchObject([{ kind: 'reboot', phase: 'restarting' }]);
    const beforeMs = clock.monotonicMs();
    let closedMs: number | undefined;
    void runner.stop().then(() => (closedMs = clock.monotonicMs()));
    await clock.advance(5 * SECOND_MS);
    expect((closedMs ?? Number.POSITIVE_INFINITY) - beforeMs).toBeLessThanOrEqual(1500);
    expect(journal.stored?.entries).toMatchObject([{ state: 'asked', stopped: true }]);
  });

  test('accepts nothing, and says so, where it has no calls to the Supervisor', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    await runner.start();
    await clock.advance(0);
    expect(cloudly.heartbeats[0]?.request.status?.acceptedCommands).toEqual([]);
    await Promise.all([runner.stop(), clock.advance(2 * SECOND_MS)]);
  });
});
