import { expect, test } from 'vitest';
import { fakeSupervisor } from '../../test/fake-supervisor.js';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../values/secret.js';
import { HEALTHY_UNTIL_FILE_NAME } from '../config/agent-files.js';

const second = 1000;
const hour = 3600 * second;

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
  const isHealthy = () => {
    const uptimeSeconds = Math.floor((1_000_000 + simulation.clock.monotonicMs()) / 1000);
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

test('an agent whose call never returns becomes unhealthy two minutes later', async () => {
  const { runner, clock, cloudly, isHealthy } = watched({ fraction: 0 });
  Object.assign(cloudly, { heartbeat: async () => new Promise(() => undefined) });
  await runner.start();
  await clock.advance(119 * second);
  expect(isHealthy()).toBe(true);
  await clock.advance(3 * second);
  expect(isHealthy()).toBe(false);
  await clock.advance(hour);
  expect(isHealthy()).toBe(false);
});
