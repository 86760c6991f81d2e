import { describe, expect, test } from 'vitest';
import { compareShapes } from './compare-shapes.js';

const whole = { isPartial: false };

describe('two values have the same shape', () => {
  test.each<[what: string, recorded: unknown, given: unknown]>([
    ['with a key that every object has', { valueOf: 'a' }, { valueOf: 'b' }],
    ['with other numbers and texts', { port: 1, name: 'a' }, { port: 2, name: 'b' }],
    ['with keys in another order', { a: 1, b: 'x' }, { b: 'y', a: 2 }],
    ['with more elements of the same kind', { containers: [{ id: 1 }] }, { containers: [{ id: 2 }, { id: 3 }] }],
    ['with services of other names', { services: { main: { n: 1 } } }, { services: { web: { n: 2 } } }],
    ['with images of other IDs', { '959262': { n: 1 } }, { '17': { n: 2 } }],
    [
      'with an app of another name',
      { myfleet: { appId: 1, updateStatus: 'done' } },
      { other: { appId: 2, updateStatus: 'done' } },
    ],
    ['with variables of the app itself', { env: { BALENA: '1', FOO: 'x' } }, { env: { BALENA: '1', BAR: 'y' } }],
    [
      'with another device in a message',
      { message: `no ${'a'.repeat(64)} there` },
      { message: `no ${'b'.repeat(64)} there` },
    ],
  ])('%s', (_what, recorded, given) => {
    expect(compareShapes(recorded, given, whole)).toEqual([]);
  });
});

describe('a difference is reported with its place', () => {
  test.each<[what: string, recorded: unknown, given: unknown, difference: string]>([
    ['a missing key', { a: { b: 1 } }, { a: {} }, 'a.b: expected a number, got nothing'],
    ['a surplus key', { a: 1 }, { a: 1, b: null }, 'b: expected nothing, got null'],
    ['null for a number', { a: null }, { a: 1 }, 'a: expected null, got a number'],
    ['text for a number', { a: 1 }, { a: '1' }, 'a: expected a number, got text'],
    ['a list for an object', {}, [], 'the body: expected an object, got a list'],
    ['no element', { a: [1] }, { a: [] }, 'a[]: expected a number, got nothing'],
    ['an element too many', { a: [] }, { a: [1] }, 'a[]: expected nothing, got a number'],
    ['an element of another kind', { a: [1] }, { a: [1, 'x'] }, 'a[]: expected a number, got text'],
    [
      'a service of another kind',
      { services: { main: { p: null } } },
      { services: { main: { p: 1 } } },
      'services.*.p: expected null, got a number',
    ],
    [
      'a service without its container',
      { services: { main: 'a', frontend: 'b' } },
      { services: { main: 'a' } },
      'services: expected 2 of them, got 1',
    ],
    [
      'another message',
      { message: 'Missing app id' },
      { message: 'Invalid app id' },
      'message: expected "Missing app id", got "Invalid app id"',
    ],
    ['another envelope', { status: 'success' }, { status: 'failed' }, 'status: expected "success", got "failed"'],
    [
      'a variable of the Supervisor that is missing',
      { env: { BALENA_APP_ID: '1' } },
      { env: {} },
      'env.BALENA_APP_ID: expected text, got nothing',
    ],
    [
      'a time of another form',
      { createdAt: '2026-11-23T01:09:33.611Z' },
      { createdAt: 'today' },
      'createdAt: expected a text such as "2026-11-23T01:09:33.611Z", got "today"',
    ],
  ])('%s', (_what, recorded, given, difference) => {
    expect(compareShapes(recorded, given, whole)).toEqual([difference]);
  });
});

test('of a partial recording only that part is expected', () => {
  expect(compareShapes({ a: [{ b: 1 }] }, { a: [{ b: 1 }, 'x'], c: 1 }, { isPartial: true })).toEqual([]);
  expect(compareShapes({ a: [{ b: 1 }] }, { a: [], c: 1 }, { isPartial: true })).toHaveLength(1);
});
