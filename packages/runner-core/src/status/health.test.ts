import { describe, expect, test } from 'vitest';
import { fakeSupervisor } from '../../test/fake-supervisor.js';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../values/secret.js';
import { HEALTHY_UNTIL_FILE_NAME } from '../config/agent-files.js';

const second = 1000;
const hour = 3600 * second;

async function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** An agent, and what `is-alive` finds whenever it looks: the file against the uptime. */
function watched(options: Parameters<typeof simulate>[0] = {}) {
  let healthyUntilSeconds: number | undefined;
  const publisher = {
    publish: async (files: Readonly<Record<string, string>>) => {
      healthyUntilSeconds = Number.parseInt(files[HEALTHY_UNTIL_FILE_NAME] ?? '', 10);
    },
    withdraw: async () => undefined,
  };
  const store = new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file');
  const simulation = simulate({ store, publisher, ...options });
  const isHealthy = (laterMs = 0) => {
    const uptimeSeconds = Math.floor((1_000_000 + simulation.clock.monotonicMs() + laterMs) / 1000);
    return healthyUntilSeconds !== undefined && uptimeSeconds <= healthyUntilSeconds;
  };
  return { ...simulation, isHealthy };
}

test.each(Object.values(heartbeatOutcomes))(
  'an agent is healthy even if Cloudly answers with $kind for a day and the Supervisor never answers',
  async (outcome) => {
    const supervisor = fakeSupervisor();
    supervisor.behave = async () => new Promise(() => undefined);
    const { runner, clock, cloudly, isHealthy } = watched({ supervisor });
    cloudly.exchangeMs = 30 * second;
    cloudly.onHeartbeat = () => outcome;
    await runner.start();
    for (let look = 0; look < 24 * 60; look += 1) {
      await clock.advance(60 * second);
      expect(isHealthy()).toBe(true);
    }
    expect(cloudly.heartbeats.length).toBeGreaterThanOrEqual(23);
  },
);

test('an agent whose call never returns becomes unhealthy five minutes later, and stays so', async () => {
  const { runner, clock, cloudly, isHealthy } = watched({ fraction: 0 });
  Object.assign(cloudly, { heartbeat: never });
  await runner.start();
  await clock.advance(299 * second);
  expect(isHealthy()).toBe(true);
  await clock.advance(3 * second);
  expect(isHealthy()).toBe(false);
  await clock.advance(hour);
  expect(isHealthy()).toBe(false);
});

describe('an agent is healthy', () => {
  test('through a start that is spread over a day', async () => {
    const { runner, clock, cloudly, isHealthy } = watched({ config: { startSpreadMs: 24 * hour }, fraction: 0.9 });
    await runner.start();
    for (let look = 0; look < 24; look += 1) {
      await clock.advance(hour);
      expect(isHealthy()).toBe(true);
    }
    expect(cloudly.heartbeats.length).toBeGreaterThan(0);
  });

  test('while another agent or a slow disk keeps its state from it, from half a minute after the start on', async () => {
    const { runner, clock, isHealthy } = watched({ openIdentity: never });
    const started = runner.start();
    await clock.advance(30 * second);
    for (let look = 0; look < 60; look += 1) {
      expect(isHealthy()).toBe(true);
      await clock.advance(60 * second);
    }
    void runner.stop();
    await clock.advance(2 * second);
    await started;
  });

  test('while the disk takes half an hour for a token, and no longer', async () => {
    const { runner, store, clock, cloudly, isHealthy } = watched({ fraction: 0 });
    Object.assign(store, { update: never });
    cloudly.onHeartbeat = () => cloudly.acknowledged({ nextNodeToken: 'rotated' });
    await runner.start();
    await clock.advance(30 * 60 * second);
    expect(isHealthy()).toBe(true);
    await clock.advance(40 * second);
    expect(isHealthy()).toBe(false);
  });

  test('whatever the clock of the device does', async () => {
    const { runner, clock, isHealthy } = watched();
    await runner.start();
    for (const jumpMs of [-10 * 365 * 24 * hour, 24 * hour, -hour]) {
      clock.jumpWall(jumpMs);
      for (let look = 0; look < 10; look += 1) {
        await clock.advance(60 * second);
        expect(isHealthy()).toBe(true);
      }
    }
  });
});

test('an agent that is stopped by a signal becomes unhealthy, and healthy again when it goes on', async () => {
  const { runner, clock, isHealthy } = watched();
  await runner.start();
  await clock.advance(5 * 60 * second);
  // The time goes on, and nothing of the agent runs.
  const stoppedMs = 20 * 60 * second;
  expect(isHealthy(stoppedMs)).toBe(false);
  await clock.advance(stoppedMs);
  expect(isHealthy()).toBe(true);
});
