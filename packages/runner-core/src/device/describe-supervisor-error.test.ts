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
  [{ code: 'timeout' }, /did not answer in time/, /journalctl -u balena-supervisor/],
  [{ code: 'unauthorized' }, /rejected BALENA_SUPERVISOR_API_KEY/, /recreated/],
  [{ code: 'locked', lock: 'user-lock' }, /An app holds its update lock/, /--force/],
  [{ code: 'locked', lock: 'supervisor-busy' }, /busy with another operation/, /--force does not help/],
  [{ code: 'locked', lock: 'host-update' }, /The host OS is being updated/, /Do not force/],
])('%j is explained in an operator’s words', (details, message, remedy) => {
  const described = describe(details);
  expect(described.message).toMatch(message);
  expect(described.endpoint).toBe('GET /v1/device');
  expect(described.remedy).toMatch(remedy);
  expect(JSON.stringify(described)).not.toMatch(/`|apiKey|timeoutMs/);
});

test('does not claim to know the outcome of a request that got no answer', () => {
  const timeout = (endpoint: string) =>
    describeSupervisorError(new SupervisorError({ code: 'timeout', endpoint, message: 'late' })).message;
  expect(timeout('POST /v1/update')).toContain('It may still carry out the request.');
  expect(timeout('GET /v1/device')).not.toContain('still');
});

test('keeps the Supervisor’s own words unchanged', () => {
  const error = new SupervisorError({
    code: 'bad-request',
    endpoint: 'POST /v1/update',
    what: 'refused. It said: "no".',
    message: 'POST /v1/update: refused. It said: "no". Change the request.',
  });
  expect(describeSupervisorError(error).message).toBe('POST /v1/update: refused. It said: "no".');
});

test('does not blame the Supervisor for a defect', () => {
  expect(() => describeSupervisorError(new RangeError('broken'))).toThrow(RangeError);
});
