import type { AvailableSupervisor, RuntimeStatus } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { runtimeStatus } from '../stores/suite/fixtures.js';
import { updateStateOf } from './update-state.js';

type Device = Partial<AvailableSupervisor['device']>;

const pending = { updatePending: true };
const failed = { updateFailed: true };
const downloaded = { updateDownloaded: true };

describe('what a node does with its target release', () => {
  test.each<[string, Device]>([
    ['idle', {}],
    ['idle', { status: 'Idle' }],
    ['idle', downloaded],
    ['downloading', pending],
    ['installing', { ...pending, ...downloaded }],
    ['failed', { ...pending, ...failed }],
    ['failed', { ...pending, ...failed, ...downloaded }],
    ['failed', failed],
  ])('is %s if the Supervisor reports %j', (state, device) => {
    expect(updateStateOf(statusWith(device))).toBe(state);
    expect(updateStateOf(statusWith(device, { mode: 'gated', gate: 'unavailable' }))).toBe(state);
  });

  test.each<[string, Device]>([
    ['idle', {}],
    ['downloading', pending],
    ['held', { ...pending, ...downloaded }],
    ['held', { ...pending, ...failed }],
    ['held', { ...pending, ...failed, ...downloaded }],
    ['failed', failed],
  ])('is %s behind a closed gate if the Supervisor reports %j', (state, device) => {
    expect(updateStateOf(statusWith(device, { mode: 'gated', gate: 'closed' }))).toBe(state);
  });

  test('is held behind a closed gate if the node says that the release is there', () => {
    expect(updateStateOf(statusWith(pending, { mode: 'gated', gate: 'closed', staged: 'abc' }))).toBe('held');
  });

  test.each<[string, Device]>([
    ['idle', {}],
    ['downloading', { ...pending, ...failed }],
    ['installing', { ...pending, ...failed, ...downloaded }],
    ['failed', failed],
  ])(
    'is %s behind an open gate, whose lock is reported as a failure, if the Supervisor reports %j',
    (state, device) => {
      expect(updateStateOf(statusWith(device, { mode: 'gated', gate: 'open' }))).toBe(state);
    },
  );

  test('is idle during a restart', () => {
    expect(updateStateOf(statusWith({ status: 'Idle' }, undefined, 'applying'))).toBe('idle');
  });

  test('is unknown if the Supervisor does not answer', () => {
    expect(updateStateOf(runtimeStatus('a'))).toBeUndefined();
  });
});

function statusWith(device: Device, updates?: RuntimeStatus['updates'], appState?: string): RuntimeStatus {
  return {
    ...runtimeStatus('a'),
    supervisor: {
      state: 'available',
      version: '16.1.0',
      device: {
        ipAddresses: [],
        macAddresses: [],
        updatePending: false,
        updateFailed: false,
        updateDownloaded: false,
        ...device,
      },
      appState,
      apps: [],
    },
    updates,
  };
}
