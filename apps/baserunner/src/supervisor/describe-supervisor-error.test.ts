import { SupervisorError, type SupervisorErrorDetails } from '@serve.zone/balena-supervisor-client';
import { expect, test } from 'vitest';
import { describeSupervisorError } from './describe-supervisor-error.js';

function describe(details: Omit<SupervisorErrorDetails, 'message' | 'endpoint'>) {
  return describeSupervisorError(
    new SupervisorError({
      ...details,
      endpoint: 'GET /v1/device',
      message: 'Give `apiKey` and `timeoutMs`, or force.',
    }),
  );
}

test.each<[Omit<SupervisorErrorDetails, 'message'>, message: RegExp, remedy: RegExp]>([
  [{ code: 'api-key-missing' }, /BALENA_SUPERVISOR_API_KEY is not set/, /io\.balena\.features\.supervisor-api/],
  [{ code: 'timeout' }, /no whole answer in time/, /journalctl -u balena-supervisor/],
  [{ code: 'unauthorized' }, /did not accept the key in BALENA_SUPERVISOR_API_KEY/, /created anew/],
  [{ code: 'locked', lock: 'user-lock' }, /an app holds its update lock/, /--force/],
  [{ code: 'locked', lock: 'supervisor-busy' }, /at another operation/, /--force does not help/],
  [{ code: 'locked', lock: 'host-update' }, /the host OS is being updated/, /Do not force/],
])('%j is told in the words of an operator', (details, message, remedy) => {
  const described = describe(details);
  expect(described.message).toMatch(message);
  expect(described.message).toMatch(/^GET \/v1\/device: /);
  expect(described.remedy).toMatch(remedy);
  expect(JSON.stringify(described)).not.toMatch(/`|apiKey|timeoutMs/);
});

test('leaves open what becomes of a request that got no answer', () => {
  const timeout = (endpoint: string) =>
    describeSupervisorError(new SupervisorError({ code: 'timeout', endpoint, message: 'late' })).message;
  expect(timeout('POST /v1/update')).toContain('It may still do what it was asked for.');
  expect(timeout('GET /v1/device')).not.toContain('still');
});

test('what the Supervisor said is left as it is', () => {
  const error = new SupervisorError({ code: 'bad-request', message: 'POST /v1/update: refused. It said: "no".' });
  expect(describeSupervisorError(error).message).toBe(error.message);
});

test('a defect is none of the Supervisor', () => {
  expect(() => describeSupervisorError(new RangeError('broken'))).toThrow(RangeError);
});
