import { describe, expect, test } from 'vitest';
import { parseEras } from '../eras/read-eras.js';
import { checkEmulatedEra } from './check-emulated-era.js';

interface Era {
  call: string;
  /** As in `GET /v1/device`. */
  asks: string;
  requestBody?: object;
  /** null: no answer comes. */
  status: number | null;
  contentType?: string | null;
  body?: unknown;
  expect: string;
  tags?: readonly string[];
  note?: string;
}

const html = 'text/html; charset=utf-8';
const json = 'application/json; charset=utf-8';
const text = 'text/plain; charset=utf-8';

async function check({ asks, ...era }: Era) {
  const [method, path] = asks.split(' ');
  const eras = [{ era: '9', recordings: [{ id: 'x', method, path, ...era }] }];
  const [recording] = parseEras(JSON.stringify({ eras }), 'test');
  if (recording === undefined) throw new Error('There is no recording.');
  return checkEmulatedEra(recording);
}

const restart = 'POST /v2/applications/1234567/restart';

function failed(message: string) {
  return { status: 'failed', message };
}

const locked: Era = {
  call: 'restartApp',
  asks: restart,
  requestBody: { force: false },
  status: 423,
  contentType: json,
  body: failed('Lockfile exists for { appId: 1234567, service: main }'),
  expect: 'locked:user-lock',
  tags: ['v14.0.1', 'v19.0.5'],
};

describe('an answer is found in the reported situation', () => {
  test.each<[situation: string, era: Era]>([
    ['a lock is held', locked],
    [
      'a lock is held, and no answer comes',
      {
        call: 'startService',
        asks: 'POST /v2/applications/1234567/start-service',
        requestBody: { serviceName: 'main' },
        status: null,
        contentType: null,
        expect: 'timeout',
        tags: ['v7.12.0', 'v12.2.10'],
      },
    ],
    [
      'a key as a Bearer',
      {
        call: 'device',
        asks: 'GET /v1/device',
        status: 401,
        contentType: text,
        body: 'Unauthorized',
        expect: 'unauthorized',
        note: 'a Bearer',
        tags: ['v11.2.0'],
      },
    ],
    [
      'a device that asks for no key',
      {
        ...locked,
        call: 'restartAppNoKey',
        status: 401,
        body: failed('Application is not available'),
        expect: 'out-of-scope',
        tags: ['v12.2.0'],
      },
    ],
    [
      "another app's key",
      {
        ...locked,
        asks: 'POST /v2/applications/7654321/restart',
        status: 401,
        body: failed('Unauthorized'),
        expect: 'out-of-scope',
        tags: ['v14.5.0'],
      },
    ],
    [
      'the cloud refuses',
      {
        call: 'tags',
        asks: 'GET /v2/device/tags',
        status: 500,
        contentType: json,
        body: failed('[object Object]'),
        expect: 'supervisor-error',
        tags: ['v19.0.5'],
      },
    ],
    [
      'two restarts at once, in the words of another Node.js',
      {
        ...locked,
        status: 503,
        body: failed("Cannot read property 'local' of null"),
        expect: 'supervisor-error',
        note: 'only since 17.5.0: before, the second waits',
        tags: ['v17.5.0'],
      },
    ],
    [
      'a service that is being removed',
      {
        ...locked,
        call: 'restartService',
        asks: 'POST /v2/applications/1234567/restart-service',
        requestBody: { serviceName: 'main' },
        status: 404,
        contentType: html,
        body: 'Service does not exist in target release',
        expect: 'not-found',
        tags: ['v14.5.0'],
      },
    ],
  ])('%s', async (_situation, era) => {
    await expect(check(era)).resolves.toEqual({ matched: true, how: expect.stringContaining(era.tags?.[0] ?? '') });
  });
});

describe('the check can fail: it reports', () => {
  test.each<[what: string, era: Era, why: RegExp]>([
    [
      'a release with another answer',
      { ...locked, tags: ['v12.2.10', 'v14.0.1'] },
      /^v12\.2\.10: status: expected 423, got 503/,
    ],
    [
      'a lock that is not held',
      { ...locked, expect: 'ok' },
      /^v14\.0\.1: status: expected 423, got 200 .*; v19\.0\.5: /,
    ],
    [
      'an answer in place of none',
      { ...locked, status: null, expect: 'timeout' },
      /expected no answer at all, got status 200/,
    ],
  ])('%s', async (_what, era, why) => {
    await expect(check(era)).resolves.toEqual({ matched: false, why: expect.stringMatching(why) });
  });
});

test('a release that is not emulated is reported beside those that are', async () => {
  await expect(check({ ...locked, tags: ['v2.8.0', 'v14.0.1'] })).resolves.toMatchObject({
    matched: true,
    remark: 'not tried: v2.8.0, which is not emulated',
  });
});

describe('a recording that cannot be tried is neither, and the reason is reported', () => {
  test.each<[what: string, era: Era, why: string]>([
    ['no release is named', { ...locked, tags: [] }, 'no release is named'],
    ['no named release is emulated', { ...locked, tags: ['v2.8.0'] }, 'v2.8.0, which is not emulated'],
    [
      'no device can be in the situation',
      { ...locked, status: 503, body: 'Invalid API key in supervisor', tags: ['v8.7.1'] },
      'no emulated Supervisor has lost its own key',
    ],
  ])('%s', async (_what, era, why) => {
    await expect(check(era)).resolves.toEqual({ matched: undefined, why: `not tried: ${why}` });
  });
});
