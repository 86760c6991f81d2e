import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertKinds } from '@serve.zone/baseos-cloudly-handlers';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../src/metrics/create-metrics.js';

const root = join(import.meta.dirname, '../../..');
const rules = join(root, 'docs/prometheus/cloudly.rules.yml');
const promtool = join(root, '.tools/prometheus/usr/bin/promtool');
const isInstalled = existsSync(promtool);
const unless = isInstalled ? '' : ' (needs npx -y pnpm@12.21.0 run test:tools, as root on Debian)';
const isSkipped = !isInstalled && !process.env['CI'];

/** Without comments. */
const text = readFileSync(rules, 'utf8').replaceAll(/^ *#.*$/gm, '');

describe('the rules for Prometheus', () => {
  test('name only metrics that there are', async () => {
    const { read } = createMetrics({
      countStates: async () => ({ online: 1, late: 0, offline: 0, 'never-seen': 0, pending: 0, revoked: 0 }),
      countAlerts: async () => [],
      connectionCount: () => 0,
      waitingCount: () => 0,
    });
    const there = new Set([...(await read()).text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name));
    const named = new Set(
      [...text.matchAll(/\bcloudly_\w+/g)].map(([name]) => name.replace(/_(?:bucket|count|sum)$/, '')),
    );
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !there.has(name))).toEqual([]);
  });

  test('tell of every alert by its urgency, except for those that have time', () => {
    const urgencies = new Set([...text.matchAll(/urgency="(\w+)"/g)].map(([, urgency]) => urgency));
    const expected = new Set(Object.values(alertKinds).map(({ urgency }) => urgency as string | undefined));
    expected.delete('low');
    expect(urgencies).toEqual(expected);
  });

  test.skipIf(isSkipped)(`are rules${unless}`, () => {
    expect(execFileSync(promtool, ['check', 'rules', rules], { encoding: 'utf8' })).toContain('SUCCESS');
  });

  test.skipIf(isSkipped)(`tell of what they are for${unless}`, () => {
    const tests = join(import.meta.dirname, 'prometheus/cloudly.rules.test.yml');
    expect(execFileSync(promtool, ['test', 'rules', tests], { encoding: 'utf8' })).toContain('SUCCESS');
  });
});
