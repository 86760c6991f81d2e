import { expect, test } from 'vitest';
import { wordsOf } from './words-of.js';

test('messages are reported with their place, whatever IDs and names surround them', () => {
  const state = {
    appState: 'applying',
    containers: [{ status: 'Running', serviceName: 'main' }, { status: 'Stopping' }, { status: 'Running' }],
    local: { '1234567': { services: { '959262': { status: 'Downloading', releaseId: 1 } } } },
  };
  expect([...wordsOf(state)]).toEqual([
    'appState: applying',
    'containers[].status: Running',
    'containers[].status: Stopping',
    'local.*.services.*.status: Downloading',
  ]);
});

test('text that is not JSON has none', () => {
  expect([...wordsOf(undefined)]).toEqual([]);
});
