import type { NodeFacts, RunnerStatus } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import { type GateFacts, judgeUpdateLock } from './judge-update-lock.js';

const lock = { path: '/tmp/balena/updates.lock', heldSince: '2026-11-30T08:00:00.000Z' };
const config = { updates: 'gated' as const, cloudlyUrl: new URL('https://cloudly.example') };

function live(updates: RunnerStatus['updates']): NodeFacts['published'] {
  return { kind: 'live', path: '/run', published: { status: { updates } } } as never;
}

function supervisor(version: string): GateFacts['supervisor'] {
  return { version: { ok: true, value: version, durationMs: 1 } };
}

describe('the update lock of a gated device', () => {
  test('is that of a closed gate, of which the check says what it does not hold back', () => {
    const published = live({ mode: 'gated', gate: 'closed', staged: 'abc', reason: 'It waits.' });
    const found = judgeUpdateLock(lock, { config, published, supervisor: supervisor('19.0.5') });
    expect(found).toMatchObject({ verdict: 'pass', facts: { gate: 'closed', staged: 'abc' } });
    expect(found.message).toMatch(/^The gate is closed\. It waits\. .*hand-over.*config\.txt.*host OS/);
    expect(found.message).not.toContain('new in a release');
  });

  test.each([
    ['16.1.9', true],
    ['14.13.14', true],
    ['16.2.0', false],
    ['17.0.0', false],
  ])('does not keep Supervisor %s from starting new services: %s', (version, isTold) => {
    const published = live({ mode: 'gated', gate: 'closed' });
    const { message } = judgeUpdateLock(lock, { config, published, supervisor: supervisor(version) });
    expect(message.includes('new in a release')).toBe(isTold);
  });

  test('fails where the gate is unavailable, and warns while it is open', () => {
    const parts = { config, supervisor: undefined };
    const unavailable = live({ mode: 'gated', gate: 'unavailable', reason: 'EACCES' });
    expect(judgeUpdateLock(undefined, { ...parts, published: unavailable })).toMatchObject({
      verdict: 'fail',
      message: 'The gate is unavailable. EACCES',
    });
    const open = live({ mode: 'gated', gate: 'open', reason: 'An update.' });
    expect(judgeUpdateLock(undefined, { ...parts, published: open }).verdict).toBe('warn');
  });

  test('warns if a closed gate has no lock file', () => {
    const published = live({ mode: 'gated', gate: 'closed' });
    const found = judgeUpdateLock({ path: lock.path }, { config, published, supervisor: undefined });
    expect(found).toMatchObject({ verdict: 'warn', message: expect.stringContaining(lock.path) });
  });

  test('says that an agent is needed if none runs', () => {
    const found = judgeUpdateLock(lock, { config, published: { kind: 'none' }, supervisor: undefined });
    expect(found).toMatchObject({ verdict: 'warn', remedy: 'Start the agent.' });
  });
});

test('a lock of a device that takes releases as they come may be no longer needed', () => {
  const parts = { config: { ...config, updates: 'free' as const }, published: undefined, supervisor: undefined };
  expect(judgeUpdateLock(lock, parts)).toMatchObject({ verdict: 'warn', remedy: expect.stringContaining('--force') });
  expect(judgeUpdateLock({ path: lock.path }, parts).verdict).toBe('pass');
  expect(judgeUpdateLock(undefined, parts).verdict).toBe('skip');
});

test.each(['free', 'gated'] as const)(
  'the lock of a Supervisor that replaces the service is no reason to act: %s',
  (updates) => {
    const parts = { config: { ...config, updates }, published: undefined, supervisor: undefined };
    const found = judgeUpdateLock({ ...lock, isOfSupervisor: true }, parts);
    expect(found).toMatchObject({ verdict: 'pass', message: expect.stringContaining('The Supervisor has held') });
  },
);
