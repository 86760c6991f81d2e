import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { GatedAgent } from './gated-device.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

// The Supervisor's own locks are files of another user, which only root can make.
describe.runIf(process.getuid?.() === 0)('a gated device', () => {
  test('holds a release until the command update, installs it, and closes its gate again', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.release();
    await device.pass(hourMs);
    expect([device.app.commit, device.isStaged]).toEqual(['old', true]);
    expect(device.status?.updates).toMatchObject({ mode: 'gated', gate: 'closed', staged: 'new' });

    device.order(1, { kind: 'update', commit: 'new', soakMs: 0 });
    await device.passUntil(() => device.outcomeOf(1) !== undefined);
    expect([device.outcomeOf(1), device.app.commit]).toEqual(['succeeded', 'new']);
    await device.passUntil(() => device.runner?.status().updates?.gate === 'closed');
    expect(device.holder).toBe('agent 1');
    expect(device.asks.filter((path) => path === '/v1/update')).toHaveLength(1);
  });

  test('reports a release as staged within a minute and a half', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.release();
    await device.passUntil(() => device.status?.updates?.staged === 'new', 90_000);
    expect(device.status?.updates?.gate).toBe('closed');
  });
});
