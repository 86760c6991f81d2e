import type { AvailableSupervisor, RuntimeStatus } from '@serve.zone/baseos-contracts';
import { anything, assert, boolean, option, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeRecord, NOW_MS, runtimeStatus } from '../stores/suite/fixtures.js';
import { factsOf } from './facts-of.js';

const supervisor: AvailableSupervisor = {
  state: 'available',
  version: '16.1.0',
  device: {
    ipAddresses: [],
    macAddresses: [],
    commit: 'abc',
    updatePending: true,
    updateFailed: true,
    updateDownloaded: true,
  },
  apps: [],
};
const status: RuntimeStatus = {
  ...runtimeStatus('Gate-07'),
  host: { hostname: 'Gate-07', platform: 'linux', arch: 'arm64', osVersion: 'balenaOS 6.0.24+rev1' },
  device: { uuid: 'c0ffee', type: 'raspberrypi4-64', appId: 5 },
  supervisor,
  updates: { mode: 'gated', gate: 'closed', staged: 'def' },
  acceptedCommands: ['force', 'update', 'dance'],
};
const noProfile = { labels: {} };

describe('the facts of a node', () => {
  test('are those of its record, its last status and its profile', () => {
    const profile = { name: 'Gate Süd', labels: { site: 'Berlin', canary: '' } };
    expect(factsOf({ node: nodeRecord('n-1'), status, profile, freeStoragePercent: 35 })).toEqual({
      nodeId: 'n-1',
      registeredAtMs: NOW_MS,
      joinTokenId: 'join',
      approval: 'pending',
      isCloneSuspected: false,
      name: 'Gate Süd',
      hostname: 'Gate-07',
      uuid: 'c0ffee',
      deviceType: 'raspberrypi4-64',
      osVersion: 'balenaOS 6.0.24+rev1',
      agentVersion: '1.0.0',
      supervisorState: 'available',
      supervisorVersion: '16.1.0',
      appId: 5,
      commit: 'abc',
      stagedCommit: 'def',
      updateState: 'held',
      updatesMode: 'gated',
      gate: 'closed',
      acceptedCommands: ['update', 'force'],
      freeStoragePercent: 35,
      labelText: '\ncanary=\nsite=Berlin\n',
      searchText: 'gate süd\ngate-07\nn-1\nc0ffee\nraspberrypi4-64\nberlin',
    });
  });

  test('are absent if the node has not reported them', () => {
    expect(factsOf({ node: nodeRecord('n-1'), profile: noProfile })).toEqual({
      nodeId: 'n-1',
      registeredAtMs: NOW_MS,
      joinTokenId: 'join',
      approval: 'pending',
      isCloneSuspected: false,
      labelText: '',
      searchText: 'n-1',
    });
  });

  test('say whether the node is approved or revoked, and whether an operator has to decide which device it is', () => {
    const approvalOf = (changes: object) => factsOf({ node: nodeRecord('n', changes), profile: noProfile }).approval;
    expect(approvalOf({ approvedAtMs: 1 })).toBe('approved');
    expect(approvalOf({ approvedAtMs: 1, revokedAtMs: 2 })).toBe('revoked');
    expect(approvalOf({ revokedAtMs: 2 })).toBe('revoked');
    const contested = { cloneResolution: { atMs: 1, claimantBootIds: ['boot-2'] } };
    for (const changes of [{ cloneSuspectedAtMs: 1 }, contested]) {
      expect(factsOf({ node: nodeRecord('n', changes), profile: noProfile }).isCloneSuspected).toBe(true);
    }
  });

  test("have the release of the node's own app while the Supervisor names none of the device", () => {
    const { commit: _omitted, ...device } = supervisor.device;
    const apps = [
      { appId: 4, commit: 'other', services: [] },
      { appId: 5, commit: 'own', services: [] },
    ];
    const applying: RuntimeStatus = { ...status, supervisor: { ...supervisor, device, apps } };
    expect(factsOf({ node: nodeRecord('n'), status: applying, profile: noProfile }).commit).toBe('own');
  });

  test('keep the release that was named last while the Supervisor names none', () => {
    const sources = { node: nodeRecord('n'), status: runtimeStatus('a'), profile: noProfile };
    expect(factsOf({ ...sources, before: { commit: 'abc' } }).commit).toBe('abc');
    expect(factsOf({ ...sources, status, before: { commit: 'older' } }).commit).toBe('abc');
  });

  test('keep what was derived of the last status where that is not read again', () => {
    const sources = { node: nodeRecord('n'), profile: noProfile };
    const before = factsOf({ ...sources, status });
    const renamed = { ...sources, profile: { name: 'Gate', labels: { site: 'berlin' } }, freeStoragePercent: 35 };
    expect(factsOf({ ...renamed, before })).toEqual(factsOf({ ...renamed, status }));
  });

  test('can be derived of everything that a newer node may report', () => {
    const words = record({
      state: string({ minLength: 1 }),
      mode: string(),
      gate: option(string(), { nil: undefined }),
    });
    assert(
      property(words, anything(), boolean(), ({ state, mode, gate }, reason, isFailed) => {
        const newer = { ...status, supervisor: { state, reason }, updates: { mode, gate } } as unknown as RuntimeStatus;
        const facts = factsOf({ node: nodeRecord('n'), status: newer, profile: noProfile });
        expect(facts.updateState).toBeUndefined();
        expect(Object.values(facts)).not.toContain(undefined);
        const device = { ...supervisor.device, updateFailed: isFailed, status: mode };
        const available: RuntimeStatus = { ...status, supervisor: { ...supervisor, device, appState: state } };
        expect(factsOf({ node: nodeRecord('n'), status: available, profile: noProfile }).updateState).toBe('held');
      }),
    );
  });
});
