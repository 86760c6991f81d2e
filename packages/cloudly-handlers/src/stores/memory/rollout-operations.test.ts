import { expect, test } from 'vitest';
import type { RolloutChange } from '../../fleet-store/rollout-store.js';
import type { Rollout, WaveCounts } from '../../fleet-store/rollout.js';
import { commandRecord, NOW_MS } from '../suite/fixtures.js';
import { addLabelled, ADA, by } from '../suite/fleet/fleet-fixtures.js';
import { createMemoryStore } from './memory-store.js';

const counts: WaveCounts = {
  held: 1,
  offered: 0,
  running: 0,
  deferred: 0,
  succeeded: 0,
  failed: 0,
  unknown: 0,
  skipped: 0,
};

const rollout: Rollout = {
  id: 'r',
  revision: 0,
  name: 'Updates',
  command: { kind: 'update' },
  selector: '',
  createdAtMs: NOW_MS,
  createdBy: ADA,
  role: 'operate',
  waves: [{ gate: 'auto', soakMs: 0 }],
  limits: {
    maxInFlight: 1,
    failPercent: 10,
    failMin: 1,
    attempts: 1,
    commandDueMs: 1000,
    deferredDueMs: 1000,
  },
  isDynamic: false,
  needsApproval: false,
  state: 'running',
  waveIndex: 0,
  counts: [counts],
};

const nothing: Omit<RolloutChange, 'rollout'> = {
  isUnsettled: true,
  members: [],
  offered: [],
  withdrawn: [],
  cancelled: [],
  events: [],
};

test('keeps what is of the newest reading, and refuses what is not', async () => {
  const store = createMemoryStore();
  await addLabelled(store, 'a');
  const ada = store.as(by(ADA));
  const held = { nodeId: 'a', wave: 0, group: '', rank: '0', state: 'held', sinceMs: NOW_MS } as const;
  const member = { ...held, offerCount: 0, failureCount: 0, isHolding: false };
  expect(await ada.changeRollout({ ...nothing, rollout, added: [member] })).toBe(true);
  expect(await ada.changeRollout({ ...nothing, rollout })).toBe(false);
  expect(await ada.findRollout('r')).toEqual({ ...rollout, revision: 1 });

  const offered = { ...member, state: 'offered', commandId: 'c', isHolding: true } as const;
  const command = commandRecord('c', { rolloutId: 'r' });
  const offer = { ...nothing, members: [offered], offered: [{ nodeId: 'a', command }] };
  expect(await ada.changeRollout({ ...offer, rollout: { ...rollout, revision: 1 } })).toBe(true);
  expect(await ada.readMembers('r', { which: 'in-flight' })).toMatchObject([{ member: offered, command }]);

  await store.offerCommands('a', NOW_MS, 1);
  const withdraw = { ...nothing, members: [member], withdrawn: [{ nodeId: 'a', commandId: 'c' }] };
  expect(await ada.changeRollout({ ...withdraw, rollout: { ...rollout, revision: 2 } })).toBe(false);
  expect(await ada.readMembers('r', { which: 'in-flight' })).toMatchObject([{ member: offered }]);
});
