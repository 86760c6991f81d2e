import { commandKinds, commandResultSchema, type CommandResult, limits } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { commandId } from '../../../test/worker-rig.js';
import type { EntryState, JournalEntry } from '../journal/journal-entry.js';
import { becomes } from './becomes.js';
import { afterRefused, afterTaken, type Delivery, resultsToSend, undisturbed } from './delivery.js';
import { mayBegin } from './may-begin.js';
import { pruneEntries } from './prune-entries.js';
import { isTimeUp, timeSpentAt } from './time-spent.js';
import { reducedResult, usableResult } from './usable-result.js';

describe('what becomes of an entry at a start, or after a lost answer', () => {
  const survives = { survivesRestart: true };
  const kinds = [...commandKinds, 'of-a-newer-version'];
  const table: Record<Exclude<EntryState, 'asked'>, string> = {
    taken: 'forgotten',
    ended: 'sent-again',
    told: 'nothing',
  };

  test.each(Object.entries(table))('%s: %s, whatever the kind', (state, expected) => {
    for (const kind of kinds) {
      for (const force of [undefined, false, true]) {
        for (const action of [survives, { survivesRestart: false }, undefined]) {
          expect(becomes(state as EntryState, { kind, force }, action)).toBe(expected);
        }
      }
    }
  });

  test.each(kinds)('asked, %s: only an update without force may be asked again', (kind) => {
    for (const force of [undefined, false, true]) {
      const mayAskAgain = kind === 'update' && force !== true;
      expect(becomes('asked', { kind, force }, survives)).toBe(mayAskAgain ? 'watched-or-asked-again' : 'watched');
    }
  });

  test.each(kinds)('asked, %s: interrupted if nothing can tell', (kind) => {
    for (const force of [undefined, false, true]) {
      expect(becomes('asked', { kind, force }, { survivesRestart: false })).toBe('interrupted');
      expect(becomes('asked', { kind, force }, undefined)).toBe('interrupted');
    }
  });
});

test('a command begins alone; blink and preview also beside updates', () => {
  for (const kind of commandKinds) {
    expect(mayBegin(kind, [])).toBe(true);
    for (const asked of commandKinds) {
      const passes = (kind === 'blink' || kind === 'preview') && asked === 'update';
      expect(mayBegin(kind, [asked])).toBe(passes);
      expect(mayBegin(kind, ['update', asked])).toBe(passes);
    }
  }
});

describe('the time that a command has spent', () => {
  const stored = { spentMs: 1000, kernelBootId: 'one', uptimeMs: 50_000 };

  test.each([
    ['goes on within a boot', { kernelBootId: 'one', uptimeMs: 52_000 }, 3000],
    ['goes on from what was stored under another boot', { kernelBootId: 'two', uptimeMs: 52_000 }, 1000],
    ['never shrinks', { kernelBootId: 'one', uptimeMs: 1 }, 1000],
  ])('%s', (_what, now, expected) => {
    expect(timeSpentAt(stored, now)).toBe(expected);
  });

  test('goes on from what was stored where the boot is not known', () => {
    expect(timeSpentAt({ spentMs: 7 }, { uptimeMs: 99 })).toBe(7);
  });

  test('is up at the time-out, or a soak and two looks later while the services are watched', () => {
    const times = { timeoutMs: 100, soakMs: 50 };
    expect([99, 100].map((spent) => isTimeUp(spent, times, { isVerifying: false, lookMs: 3 }))).toEqual([false, true]);
    expect([155, 156].map((spent) => isTimeUp(spent, times, { isVerifying: true, lookMs: 3 }))).toEqual([false, true]);
  });
});

describe('pruning', () => {
  const stateOf = fc.constantFrom<EntryState>('taken', 'asked', 'ended', 'told');

  test('drops the oldest told ones and nothing else', () => {
    fc.assert(
      fc.property(fc.array(stateOf, { maxLength: 40 }), fc.integer({ min: 0, max: 20 }), (states, max) => {
        const entries = states.map((state, index) => ({ state, id: commandId(index) }) as JournalEntry);
        const kept = pruneEntries(entries, max);
        const untold = entries.filter(({ state }) => state !== 'told');
        expect(kept.filter(({ state }) => state !== 'told')).toEqual(untold);
        expect(kept.length).toBe(Math.min(entries.length, Math.max(max, untold.length)));
        const told = kept.filter(({ state }) => state === 'told');
        expect(told).toEqual(entries.filter(({ state }) => state === 'told').slice(-told.length || entries.length));
      }),
    );
  });
});

describe('the result of a command', () => {
  test('is always one that a reader keeps, within the limits', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3000 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined }),
        fc.double(),
        (code, message, details, durationMs) => {
          const result = usableResult(
            commandId(1),
            { outcome: 'failed', error: { code, message }, details },
            durationMs,
          );
          expect(v.is(commandResultSchema, result)).toBe(true);
          expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(
            limits.commandDetailsMaxBytes + 6 * limits.commandMessageMaxLength + 1000,
          );
          expect(v.is(commandResultSchema, reducedResult(result))).toBe(true);
        },
      ),
    );
  });
});

describe('the delivery of results', () => {
  const pending = [1, 2, 3].map((number): CommandResult => ({
    id: commandId(number),
    outcome: 'succeeded',
    durationMs: 1,
  }));

  test('sends all that fit', () => {
    const many = Array.from({ length: 40 }, (_none, index): CommandResult => ({
      id: commandId(index),
      outcome: 'failed',
    }));
    expect(resultsToSend(pending, undisturbed)).toEqual(pending);
    expect(resultsToSend(many, undisturbed).length).toBe(limits.commandResultsMax);
  });

  test('finds the one that Cloudly refuses, delivers the others, and gives up only that one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 31 }),
        fc.func(fc.integer({ min: 0, max: 2 })),
        (numbers, fussiness) => {
          // 0: any form is taken, 1: only the least, 2: none.
          const left = new Map(numbers.map((number) => [commandId(number), { number, fussy: fussiness(number) }]));
          const taken = new Set<string>();
          const givenUp = new Set<string>();
          let delivery: Delivery = undisturbed;
          for (let turn = 0; turn < 5 * numbers.length + 5 && left.size > 0; turn += 1) {
            const results = [...left.keys()].map((id): CommandResult => ({ id, outcome: 'failed', durationMs: 1 }));
            const sent = resultsToSend(results, delivery);
            const ids = sent.map(({ id }) => id);
            const isRefused = sent.some(({ id, durationMs }) => {
              const fussy = left.get(id)?.fussy ?? 0;
              return fussy === 2 || (fussy === 1 && durationMs !== undefined);
            });
            if (isRefused) {
              const after = afterRefused(delivery, ids, { isAlone: ids.length === 1 });
              delivery = after.delivery;
              if (after.givenUp === undefined) continue;
              givenUp.add(after.givenUp);
              left.delete(after.givenUp);
            } else {
              delivery = afterTaken(delivery, ids);
              for (const id of ids) left.delete(id);
              for (const id of ids) taken.add(id);
            }
          }
          expect(left.size).toBe(0);
          expect([...givenUp].toSorted()).toEqual(
            numbers
              .filter((number) => fussiness(number) === 2)
              .map(commandId)
              .toSorted(),
          );
          expect(taken.size).toBe(numbers.length - givenUp.size);
        },
      ),
    );
  });

  test('never blames a result for what else was in the heartbeat', () => {
    let delivery: Delivery = undisturbed;
    for (let count = 0; count < 5; count += 1) {
      const after = afterRefused(delivery, [commandId(1)], { isAlone: false });
      expect(after.givenUp).toBeUndefined();
      delivery = after.delivery;
    }
    expect(resultsToSend(pending, delivery)).toEqual(pending.slice(0, 1));
  });
});
