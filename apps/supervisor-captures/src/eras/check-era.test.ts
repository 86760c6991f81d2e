import { describe, expect, test } from 'vitest';
import { checkEra } from './check-era.js';
import { parseEras } from './read-eras.js';

interface Era {
  call: string;
  /** As in `GET /v1/device`. */
  asks: string;
  requestBody?: object;
  /** null: no answer comes. */
  status: number | null;
  contentType?: string;
  body?: unknown;
  expect: string;
}

const html = 'text/html; charset=utf-8';

async function check({ asks, ...era }: Era) {
  const [method, path] = asks.split(' ');
  const eras = [{ era: '9', recordings: [{ id: 'x', method, path, ...era }] }];
  const [recording] = parseEras(JSON.stringify({ eras }), 'test');
  if (recording === undefined) throw new Error('There is no recording.');
  return checkEra(recording);
}

const locked: Era = {
  call: 'restartApp',
  asks: 'POST /v2/applications/1203/restart',
  requestBody: { force: false },
  status: 503,
  contentType: html,
  body: "Updates are locked: EEXIST: file already exists, open '/mnt/root/tmp/resin-updates.lock'",
  expect: 'locked:user-lock',
};

describe('an answer is matched by what the client makes of it', () => {
  test.each<[what: string, era: Era]>([
    ['a result', { call: 'healthy', asks: 'GET /v1/healthy', status: 500, body: 'Unhealthy', expect: 'ok' }],
    ['a lock', locked],
    ['no answer', { ...locked, status: null, body: null, expect: 'timeout' }],
    [
      'a wrong key',
      {
        call: 'device',
        asks: 'GET /v1/device',
        status: 401,
        contentType: 'text/plain',
        body: 'Unauthorized',
        expect: 'unauthorized',
      },
    ],
    [
      'a call without a key',
      {
        ...locked,
        call: 'restartAppNoKey',
        status: 401,
        body: { status: 'failed', message: 'Application is not available' },
        expect: 'out-of-scope',
      },
    ],
    [
      'another app than that of the answer',
      {
        call: 'appStateB',
        asks: 'GET /v2/applications/7/state',
        status: 409,
        body: { status: 'failed', message: 'Application ID does not exist: 7' },
        expect: 'not-found',
      },
    ],
    [
      'a service by its image',
      {
        call: 'restartServiceById',
        asks: 'POST /v2/applications/1203/restart-service',
        requestBody: { imageId: 8 },
        status: 404,
        contentType: html,
        body: 'Service not found, a container must exist for this endpoint to work.',
        expect: 'not-found',
      },
    ],
    [
      'a request without a typed call',
      {
        call: 'restartService',
        asks: 'POST /v2/applications/1203/restart-service',
        requestBody: { force: false },
        status: 503,
        body: { status: 'failed', message: 'This endpoint requires one of imageId or serviceName' },
        expect: 'bad-request',
      },
    ],
    [
      'a stream',
      {
        call: 'journal',
        asks: 'POST /v2/journal-logs',
        requestBody: { format: 'short' },
        status: 200,
        body: 'a line\n',
        expect: 'ok',
      },
    ],
  ])('%s', async (_what, era) => {
    const verdict = await check(era);
    expect(verdict).toEqual({ matched: true, how: expect.stringContaining(`${era.expect} by the call for`) as string });
  });
});

test('an unknown call is made by its method and path, and reported', async () => {
  await expect(check({ ...locked, call: 'restartEverything' })).resolves.toEqual({
    matched: true,
    how: 'locked:user-lock by the call for restartServices',
    remark: 'the call restartEverything is unknown, so the call for POST /v2/applications/1203/restart was made',
  });
});

describe('the check can fail: it reports', () => {
  test.each<[what: string, era: Era, why: RegExp]>([
    ['another error', { ...locked, status: 500 }, /^expected locked:user-lock, got supervisor-error: POST \/v2/],
    ['another lock', { ...locked, expect: 'locked:host-update' }, /^expected locked:host-update, got locked:user-lock/],
    ['an error in place of a result', { ...locked, expect: 'ok' }, /^expected ok, got locked:user-lock/],
    [
      'a result in place of an error',
      { ...locked, status: 200, body: 'OK' },
      /^expected locked:user-lock, got ok: nothing/,
    ],
    ['a call of another path', { ...locked, call: 'device' }, /^the call device does not ask for POST \/v2/],
    [
      'a path without a call',
      { ...locked, asks: 'POST /v9/nothing' },
      /^the client has no call for POST \/v9\/nothing/,
    ],
    [
      'an impossible expectation',
      { ...locked, expect: 'locked' },
      /^"locked" is not a known expectation; known are ok, /,
    ],
    [
      'a member that every object inherits',
      { ...locked, call: 'constructor', expect: 'toString' },
      /is not a known expectation/,
    ],
  ])('%s', async (_what, era, why) => {
    await expect(check(era)).resolves.toEqual({ matched: false, why: expect.stringMatching(why) as string });
  });
});
