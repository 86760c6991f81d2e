import { describe, expect, test } from 'vitest';
import { SupervisorError, isSupervisorError } from './supervisor-error.js';

describe('isSupervisorError', () => {
  test('recognises an error of this package', () => {
    expect(isSupervisorError(new SupervisorError({ code: 'timeout', message: 'late' }))).toBe(true);
  });

  test('recognises an error of another copy of this package', () => {
    const brand = Symbol.for('@serve.zone/balena-supervisor-client/SupervisorError');
    expect(isSupervisorError(Object.assign(new Error('late'), { [brand]: true }))).toBe(true);
  });

  test.each([undefined, null, 'timeout', new Error('timeout'), { code: 'timeout' }])(
    'does not recognise %o',
    (other) => {
      expect(isSupervisorError(other)).toBe(false);
    },
  );
});

test('SupervisorError has only the members that apply', () => {
  const error = new SupervisorError({
    code: 'locked',
    message: 'held',
    status: 423,
    lock: 'user-lock',
    retryable: true,
  });
  expect(Object.fromEntries(Object.entries(error))).toStrictEqual({
    name: 'SupervisorError',
    code: 'locked',
    what: 'held',
    status: 423,
    lock: 'user-lock',
    retryable: true,
  });
  const bare = new SupervisorError({ code: 'timeout', message: 'late' });
  expect(Object.fromEntries(Object.entries(bare))).toStrictEqual({
    name: 'SupervisorError',
    code: 'timeout',
    what: 'late',
    retryable: false,
  });
});

test('SupervisorError separates what happened from what to do', () => {
  const error = new SupervisorError({
    code: 'timeout',
    message: 'GET /ping: no answer. Wait.',
    what: 'no answer.',
    remedy: 'Wait.',
  });
  expect(error).toMatchObject({ what: 'no answer.', remedy: 'Wait.', message: 'GET /ping: no answer. Wait.' });
});
