import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { describeActor, describeEvent } from './describe-event.js';

function text(kind: string, details: object = {}): string {
  return describeEvent({ kind, details } as FleetEvent).text;
}

test('an event is told in a line', () => {
  expect(text('node-labelled', { labels: { site: 'berlin', old: null } })).toBe('Labelled site=berlin -old');
  expect(text('command-finished', { command: 'update', outcome: 'failed', code: 'locked' })).toBe(
    'Command update failed: locked',
  );
  expect(text('node-back', { quietMs: 3_480_000 })).toBe('Heard again after 58 min');
});

test('a kind that the page does not know says what it is called', () => {
  expect(text('rollout-paused', { name: 'spring' })).toBe('Rollout paused: spring');
});

test('an outcome has a shape', () => {
  const shape = (outcome: string) =>
    describeEvent({ kind: 'command-finished', details: { outcome } } as FleetEvent).icon;
  expect(['succeeded', 'failed', 'refused'].map(shape)).toEqual(['ok', 'bad', 'off']);
});

test('who did it is a name', () => {
  expect(['operator:ada', 'token:ci', 'cli:root', 'system', 'node:x'].map(describeActor)).toEqual([
    'ada',
    'API token ci',
    'root at the command line',
    'Cloudly',
    'The node',
  ]);
});
