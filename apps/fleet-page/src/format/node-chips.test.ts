import type { FleetNode } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { nodeChips } from './node-chips.js';

function words(state: FleetNode['state'], facts: Partial<FleetNode['facts']> = {}): string[] {
  return nodeChips({ state, facts: facts as FleetNode['facts'] }).map(({ word }) => word);
}

test('what needs a person comes before the state', () => {
  expect(words('online')).toEqual(['Online']);
  expect(words('offline', { updateState: 'failed' })).toEqual(['Update failed', 'Offline']);
  expect(words('late', { isCloneSuspected: true, updateState: 'failed' })[0]).toBe('Clone suspected');
});

test('what a node does counts only while it is online', () => {
  expect(words('online', { updateState: 'installing' })).toEqual(['Online', 'Installing']);
  expect(words('offline', { updateState: 'installing' })).toEqual(['Offline']);
});
