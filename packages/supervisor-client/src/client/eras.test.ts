import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eraAnswers, type EraAnswer, type EraCall } from '../../test/eras.js';
import { serve } from '../../test/serve.js';
import { endpoints } from '../endpoints/endpoints.js';
import { meaningOf } from '../errors/failure-words.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { SupervisorClient } from './supervisor-client.js';
import { isSupervisorError } from '../errors/supervisor-error.js';

const examples = eraAnswers.flatMap((era) =>
  era.calls.map((call): [string, EraAnswer, EraCall] => [titleOf(era, call), era, call]),
);

async function settle(call: Promise<unknown>): Promise<object> {
  try {
    return { result: await call };
  } catch (error) {
    if (!isSupervisorError(error)) throw error;
    const { code, lock, message, retryable } = error;
    return { code, lock, message, retryable };
  }
}

function expectedOf(outcome: EraAnswer['outcome'], asks: string): object {
  if ('result' in outcome) return outcome;
  const { code, lock, message = /^/ } = outcome;
  const retryable = code === 'locked' || (code === 'timeout' && asks.startsWith('GET'));
  return { code, lock, message: expect.stringMatching(message) as string, retryable };
}

function titleOf({ versions: [first, last], what }: EraAnswer, { asks }: EraCall): string {
  return `${first} to ${last}, ${asks}: ${what}`;
}

describe.each([
  ['with a key', { apiKey: 'k3y' }],
  ['without a key', { withoutKey: true }],
])('with a client %s', (_who, options) => {
  test.each(examples)('%s', async (_title, { answer, outcome }, { call, asks }) => {
    const asked: string[] = [];
    await using served = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(answer?.status ?? 204, contentTypeOf(answer));
      response.end(answer?.body);
    });
    const silent: FetchLike = async (url, { method }) => {
      asked.push(`${method} ${url.slice(served.address.length)}`);
      return new Promise(() => {});
    };
    const supervisor = new SupervisorClient({
      address: served.address,
      ...options,
      ...(answer === undefined ? { fetch: silent, timeoutMs: 10 } : { timeoutMs: 60_000 }),
    });
    expect(await settle(call(supervisor))).toEqual(expectedOf(outcome, asks));
    expect(asked).toEqual([asks]);
  });
});

function contentTypeOf(answer: EraAnswer['answer']): Record<string, string> {
  return answer?.contentType === undefined ? {} : { 'Content-Type': answer.contentType };
}

describe('the message of a lock', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,30}$/);
  const appId = fc.oneof(
    fc.nat().map(String),
    fc.stringMatching(/^[0-9a-f]{32}$/),
    fc.constantFrom('1234567', '1', '12345678901'),
  );
  const quote = fc.constantFrom("'", '"', '`', '');
  const oldWords = fc
    .tuple(
      appId,
      name,
      quote,
      fc.constantFrom('updates.lock', 'resin-updates.lock'),
      fc.constantFrom(': file already exists', ''),
    )
    .map(
      ([app, service, q, file, why]) =>
        `Updates are locked: EEXIST${why}, open ${q}/mnt/root/tmp/services/${app}/${service}/${file}${q}`,
    );
  const newWords = fc.oneof(
    fc.tuple(appId, name).map(([app, service]) => `Lockfile exists for { appId: ${app}, service: ${service} }`),
    fc
      .tuple(appId, name)
      .map(([app, service]) => `Lockfile exists for ${JSON.stringify({ serviceName: service, appId: app })}`),
    fc
      .tuple(fc.nat(), name)
      .map(([app, service]) => `Lockfile exists for ${JSON.stringify({ serviceName: service, appId: app })}`),
    fc
      .tuple(name, appId)
      .map(([service, appUuid]) => `Lockfile exists for ${JSON.stringify({ serviceName: service, appUuid })}`),
    oldWords.map((words) => words.replace('Updates are locked: ', '')),
  );
  const status = fc.constantFrom(423, 503);
  const endpoint = fc.constantFrom(...Object.values(endpoints));

  test('is that of a user lock, under either status, whatever app and service it names', () => {
    fc.assert(
      fc.property(endpoint, status, fc.oneof(oldWords, newWords), (of, code, said) => {
        expect(meaningOf(of, code, said)).toMatchObject({ code: 'locked', lock: 'user-lock' });
      }),
    );
  });

  test('is distinguished from another disk failure', () => {
    const failure = fc.constantFrom('EROFS', 'ENOSPC', 'EACCES', 'EIO', 'EMFILE', 'ENOTDIR', 'EISDIR', 'EEXISTS');
    fc.assert(
      fc.property(endpoint, status, failure, oldWords, (of, code, errno, words) => {
        const said = words.replace('EEXIST', errno);
        expect(meaningOf(of, code, said)).toMatchObject({ code: 'supervisor-error' });
      }),
    );
  });

  test('is distinguished from a failure on another file', () => {
    const said = "EROFS: read-only file system, open '/mnt/root/mnt/boot/system-proxy/redsocks.conf'";
    expect(meaningOf(endpoints.changeHostConfig, 503, said)).toBeUndefined();
    expect(meaningOf(endpoints.purgeApp, 503, "EEXIST: file already exists, mkdir '/mnt/data'")).toBeUndefined();
  });

  test('says whose lock it is', () => {
    const busy = appId.map((app) => `Locks for app ${app} are being held by another supervisor operation`);
    fc.assert(
      fc.property(endpoint, status, busy, (of, code, said) => {
        expect(meaningOf(of, code, said)).toMatchObject({ lock: 'supervisor-busy' });
      }),
    );
  });

  test('counts only at the beginning: a failure that quotes it is not a lock', () => {
    fc.assert(
      fc.property(endpoint, fc.constantFrom('Failed: ', 'x '), fc.oneof(oldWords, newWords), (of, before, words) => {
        expect(meaningOf(of, 503, before + words)?.code).not.toBe('locked');
      }),
    );
  });
});

test('an attempt to read a property of undefined means what its endpoint implies', () => {
  const words = fc.constantFrom(
    "Cannot read property 'services' of undefined",
    "Cannot read properties of undefined (reading 'services')",
    "TypeError: Cannot read property 'services' of undefined",
  );
  const id = fc.integer({ min: 1 });
  fc.assert(
    fc.property(words, id, (said, appId) => {
      const at = (path: string) => meaningOf({ path }, 503, said)?.code;
      expect(at('/v1/restart')).toBe('not-found');
      expect(at(`/v2/applications/${appId}/restart`)).toBe('not-found');
      expect(at(`/v1/apps/${appId}/start`)).toBe('supervisor-error');
      expect(at(`/v1/apps/${appId}/stop`)).toBe('supervisor-error');
      expect(at(`/v2/applications/${appId}/restart-service`)).toBeUndefined();
      expect(at('/v1/device')).toBeUndefined();
    }),
  );
});
