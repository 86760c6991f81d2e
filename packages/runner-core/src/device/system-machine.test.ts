import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { vitalsSchema } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { createSystemMachine } from './system-machine.js';

const machine = createSystemMachine({ statePath: '/nowhere/that/exists/state.json' });

describe('this machine', () => {
  test('reports its runtime and its host, even before the state directory exists', () => {
    expect(machine.runtime()).toEqual({ name: 'node', version: process.versions.node });
    const host = machine.host();
    expect(host).toMatchObject({
      hostname: expect.stringMatching(/./),
      platform: process.platform,
      arch: process.arch,
    });
    expect(host.cpuCount).toBeGreaterThan(0);
    expect(host.memoryTotalBytes).toBeGreaterThan(2 ** 20);
    expect(machine.agentRssBytes()).toBeGreaterThan(2 ** 20);
  });

  test('reports the storage that will hold the state, even before the state directory exists', async () => {
    const { storageTotalBytes, storageFreeBytes } = await machine.vitals();
    expect(storageTotalBytes).toBeGreaterThan(2 ** 20);
    expect(storageFreeBytes).toBeLessThanOrEqual(storageTotalBytes ?? 0);
  });

  test('reports vitals that the contract accepts', async () => {
    const agent = { agentUptimeMs: 1, agentRssBytes: machine.agentRssBytes(), failedHeartbeats: 0 };
    const vitals = { ...agent, ...(await machine.vitals()) };
    expect(v.parse(vitalsSchema, vitals)).toEqual(vitals);
    expect(vitals.memoryAvailableBytes).toBeGreaterThan(2 ** 20);
  });

  test.runIf(process.platform === 'linux')(
    'counts its uptime as /proc/uptime does, which a health check reads',
    async () => {
      const before = machine.uptimeMs() / 1000;
      const seconds = Number.parseFloat(await readFile('/proc/uptime', 'utf8'));
      expect(seconds).toBeGreaterThanOrEqual(before - 0.02);
      expect(seconds - before).toBeLessThan(5);
    },
  );
});
