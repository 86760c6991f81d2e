import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatePhase, type GateSituation, isLockWanted, type OpenedBy, openedBy } from './gate-situation.js';
import { gateStatus } from './gate-status.js';
import type { LockState } from './lock-state.js';
import { modeInForce } from './mode-in-force.js';

const reasons: OpenedBy[] = ['crash-loop', 'silence', 'update', 'own-command'];
const locks: LockState[] = [
  { kind: 'held' },
  { kind: 'released' },
  { kind: 'awaited', holder: 'supervisor' },
  { kind: 'awaited', holder: 'process' },
  { kind: 'awaited', holder: 'unknown' },
  { kind: 'impossible', message: 'EACCES' },
];

const situation: fc.Arbitrary<GateSituation> = fc.record({
  mode: fc.constantFrom('free', 'gated'),
  openedBy: fc.constantFrom(undefined, ...reasons),
  lock: fc.constantFrom(...locks),
});

test('each phase of a gated device that nothing opens follows from the lock', () => {
  const phases = locks.map((lock) => gatePhase({ mode: 'gated', openedBy: undefined, lock }));
  expect(phases).toEqual(['closed', 'closing', 'closing', 'closing', 'unavailable', 'unavailable']);
});

test('a gate that is opened is opening until its lock is gone', () => {
  for (const reason of ['update', 'own-command', 'silence'] as const) {
    expect(gatePhase({ mode: 'gated', openedBy: reason, lock: { kind: 'held' } })).toBe('opening');
    expect(gatePhase({ mode: 'gated', openedBy: reason, lock: { kind: 'released' } })).toBe('open');
  }
});

test('closed is only said of a lock that is held and wanted', () => {
  fc.assert(
    fc.property(situation, (each) => {
      const { gate } = gateStatus(each, undefined);
      expect(gate === 'closed').toBe(isLockWanted(each) && each.lock.kind === 'held');
    }),
  );
});

test('a status says why, unless the device has no gate', () => {
  fc.assert(
    fc.property(situation, fc.option(fc.string({ maxLength: 300 }), { nil: undefined }), (each, staged) => {
      const { mode, gate, reason, staged: told } = gateStatus(each, staged);
      expect(mode).toBe(each.mode);
      expect(reason !== undefined && reason !== '').toBe(mode === 'gated');
      expect(gate !== undefined).toBe(mode === 'gated');
      expect(told !== undefined && mode === 'free').toBe(false);
    }),
  );
});

test('the reason is that which ends last', () => {
  expect(openedBy(new Set(['own-command', 'crash-loop']))).toBe('crash-loop');
  expect(openedBy(new Set(['own-command', 'update']))).toBe('update');
  expect(openedBy(new Set())).toBe(undefined);
});

test('Cloudly decides how a device takes releases only where it may update it', () => {
  expect(modeInForce({ environment: 'gated', cloudly: 'free', mayUpdate: true })).toBe('free');
  expect(modeInForce({ environment: 'gated', cloudly: 'free', mayUpdate: false })).toBe('gated');
  expect(modeInForce({ environment: 'free', cloudly: 'gated', mayUpdate: true })).toBe('gated');
  expect(modeInForce({ environment: 'gated', cloudly: undefined, mayUpdate: true })).toBe('gated');
});
