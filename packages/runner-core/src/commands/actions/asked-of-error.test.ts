import { SupervisorError, type SupervisorErrorDetails } from '@serve.zone/balena-supervisor-client';
import { expect, test } from 'vitest';
import { askedOfError } from './asked-of-error.js';
import type { Asked } from './command-action.js';

const said = 'a service holds its update lock. The Supervisor said: "Lockfile exists for { appId: 7, service: main }".';

test.each<[string, Omit<SupervisorErrorDetails, 'message'>, Partial<Asked>]>([
  [
    'a lock of a service is waited for, with its name',
    { code: 'locked', lock: 'user-lock', status: 423, what: said },
    {
      kind: 'definite-no',
      phase: 'waiting-for-lock',
      reason: 'The service main holds its update lock.',
      retryMs: 'lock-tries',
    },
  ],
  [
    'a lock that an old Supervisor reports as a failure is waited for',
    { code: 'locked', lock: 'user-lock', status: 503, what: 'a service holds its update lock.' },
    {
      kind: 'definite-no',
      phase: 'waiting-for-lock',
      reason: 'A service holds its update lock.',
      retryMs: 'lock-tries',
    },
  ],
  [
    'a busy Supervisor is asked again after ten seconds',
    { code: 'locked', lock: 'supervisor-busy', status: 423 },
    { kind: 'definite-no', phase: 'waiting-for-lock', retryMs: 10_000 },
  ],
  [
    'an update of the host OS is waited for',
    { code: 'locked', lock: 'host-update', status: 423 },
    { kind: 'definite-no', phase: 'waiting-for-lock', reason: 'The host OS is being updated.', retryMs: 'lock-tries' },
  ],
  [
    'a refused connection means that nothing has happened',
    { code: 'unreachable', retryable: true, what: 'the connection was refused.' },
    { kind: 'definite-no', phase: 'postponed', reason: 'The connection was refused.', retryMs: 'lock-tries' },
  ],
  ['a connection that breaks leaves it open', { code: 'unreachable', retryable: false }, { kind: 'unknown' }],
  ['an answer that is late leaves it open', { code: 'timeout' }, { kind: 'unknown' }],
  ['an answer of something else leaves it open', { code: 'unexpected-response', status: 200 }, { kind: 'unknown' }],
  ['a proxy that lost the Supervisor leaves it open', { code: 'supervisor-error', status: 502 }, { kind: 'unknown' }],
  [
    'a failure of the Supervisor is the outcome, in its words',
    { code: 'supervisor-error', status: 503, what: 'the Supervisor failed (status 503).' },
    {
      kind: 'ended',
      ending: {
        outcome: 'failed',
        error: { code: 'supervisor-error', message: 'The Supervisor failed (status 503).' },
      },
    },
  ],
  [
    'a service that is not there is no such service',
    { code: 'not-found', status: 404, endpoint: 'POST /v2/applications/7/stop-service', what: 'x.' },
    { kind: 'ended', ending: { outcome: 'failed', error: { code: 'no-such-service', message: 'X.' } } },
  ],
  [
    'an app that is not there is not found',
    { code: 'not-found', status: 503, endpoint: 'POST /v2/applications/7/restart', what: 'x.' },
    { kind: 'ended', ending: { outcome: 'failed', error: { code: 'not-found', message: 'X.' } } },
  ],
  ...(
    ['unauthorized', 'out-of-scope', 'bad-request', 'not-supported', 'not-configured', 'api-key-missing'] as const
  ).map((code): [string, Omit<SupervisorErrorDetails, 'message'>, Partial<Asked>] => [
    `${code} is the outcome`,
    { code, what: 'no.' },
    { kind: 'ended', ending: { outcome: 'failed', error: { code, message: 'No.' } } },
  ]),
])('%s', (_what, details, expected) => {
  expect(askedOfError(new SupervisorError({ message: 'no', ...details }))).toMatchObject(expected);
});

test('the words of the Supervisor are cut to what a result may carry', () => {
  const error = new SupervisorError({ code: 'supervisor-error', message: 'no', what: `\u0000${'x'.repeat(5000)}` });
  const asked = askedOfError(error);
  expect(asked).toMatchObject({
    kind: 'ended',
    ending: { error: { message: expect.stringMatching(/^\uFFFDx{999}$/) } },
  });
});

test('what is no error of the Supervisor is a defect', () => {
  expect(() => askedOfError(new TypeError('no'))).toThrow(TypeError);
});
