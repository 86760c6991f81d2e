import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { array, assert, boolean, nat, option, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { type AlertCourse, dueStep, nextStepAtMs, withCondition } from './alert-course.js';

const damping = { opensAfterMs: 100, closesAfterMs: 50 };

/** What is told of an alert whose condition comes and goes at these times, looked at again whenever a step is due. */
function play(changes: readonly { atMs: number; condition: { untilMs?: number } | undefined }[], endMs: number) {
  const told: string[] = [];
  let course: AlertCourse | undefined;
  const pass = (atMs: number): void => {
    const step = course && dueStep(course, atMs);
    if (step === undefined) throw new Error('A step that is due is none');
    if (step !== 'lapses') told.push(`${step} ${atMs}`);
    course = step === 'opens' && course ? { ...course, openedAtMs: atMs } : undefined;
  };
  const passUntil = (nowMs: number): void => {
    let atMs = course && nextStepAtMs(course);
    while (atMs !== undefined && atMs <= nowMs) {
      pass(atMs);
      atMs = course && nextStepAtMs(course);
    }
  };
  for (const { atMs, condition } of changes) {
    passUntil(atMs);
    course = withCondition(course, condition, damping, atMs);
  }
  passUntil(endMs);
  return { told, course };
}

const holds = {};

test('an alert opens once its condition has lasted, and closes once it has been gone for long enough', () => {
  const changes = [
    { atMs: 10, condition: holds },
    { atMs: 300, condition: undefined },
  ];
  expect(play(changes, 1000).told).toEqual(['opens 110', 'closes 350']);
});

test('a condition that does not last opens nothing', () => {
  const changes = [
    { atMs: 10, condition: holds },
    { atMs: 100, condition: undefined },
  ];
  expect(play(changes, 1000)).toEqual({ told: [], course: undefined });
});

test('a condition that comes back in time keeps its alert open', () => {
  const changes = [0, 200, 240, 280, 320].map((atMs, index) => ({
    atMs,
    condition: index % 2 === 0 ? holds : undefined,
  }));
  const { told, course } = play(changes, 1000);
  expect({ told, closesAtMs: course?.closesAtMs, sinceMs: course?.sinceMs }).toEqual({
    told: ['opens 100'],
    closesAtMs: undefined,
    sinceMs: 0,
  });
});

test('a condition that ends by itself closes its alert without another look at the node', () => {
  expect(play([{ atMs: 0, condition: { untilMs: 500 } }], 1000).told).toEqual(['opens 100', 'closes 550']);
  expect(play([{ atMs: 0, condition: { untilMs: 20 } }], 1000)).toEqual({ told: [], course: undefined });
});

const anyChanges = array(
  record({ waitMs: nat(120), isThere: boolean(), lastsMs: option(nat(300), { nil: undefined }) }),
  { maxLength: 30 },
).map((steps) => {
  let atMs = 0;
  return steps.map(({ waitMs, isThere, lastsMs }) => {
    atMs += waitMs;
    const condition = lastsMs === undefined ? {} : { untilMs: atMs + lastsMs };
    return { atMs, condition: isThere ? condition : undefined };
  });
});

test('whatever conditions do, an alert opens and closes in turns', () => {
  assert(
    property(anyChanges, (changes) => {
      const { told, course } = play(changes, 100_000);
      expect(told.map((text) => text.split(' ')[0])).toEqual(
        told.map((_, index) => (index % 2 === 0 ? 'opens' : 'closes')),
      );
      expect(course?.openedAtMs !== undefined).toBe(told.length % 2 === 1);
    }),
    { numRuns: howMany(200, 5000) },
  );
});

test('once conditions stay as they are, the same alerts are open as if they had always been so', () => {
  assert(
    property(anyChanges, (changes) => {
      const isOpen = play(changes, 100_000).course?.openedAtMs !== undefined;
      const last = changes.at(-1);
      expect(isOpen).toBe(last ? play([last], 100_000).course?.openedAtMs !== undefined : false);
    }),
    { numRuns: howMany(200, 5000) },
  );
});
