import { CloudlyConnector, type NoVerdict } from '@serve.zone/baseos-cloudly-connector';
import heartbeatRequest from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cloudlyId, problem } from '../../test/fake-cloudly.js';
import { turn } from '../../test/turns.js';
import { type Pace, waitMs } from './backoff.js';
import { afterHeartbeat, afterRegister } from './transitions.js';

const minute = 60_000;
const hour = 60 * minute;

function longest(pace: Pace): number {
  return waitMs(pace, { intervalMs: minute, startSpreadMs: minute }, 0.999_999);
}

function shortest(pace: Pace): number {
  return waitMs(pace, { intervalMs: minute, startSpreadMs: minute }, 0);
}

/** What a node makes of an answer that came over HTTP. */
async function heartbeat(status: number, headers: Record<string, string>, body: string): Promise<Pace> {
  const fetch = async () =>
    Promise.resolve(
      new Response(body === '' ? null : body, { status, headers: { 'retry-after': '3600', ...headers } }),
    );
  const connector = new CloudlyConnector({ cloudlyUrl: 'https://cloudly.example', fetch });
  const outcome = await connector.heartbeat(heartbeatRequest as never, { nodeToken: 'token' });
  return afterHeartbeat(turn(), outcome).pace;
}

const html = { 'content-type': 'text/html' };
const page = '<!doctype html><title>Welcome to the train</title>';

function document(code: 'rate-limited' | 'unavailable' | 'not-found', from: string): string {
  return JSON.stringify(problem(code, { cloudlyId: from }));
}

describe('Retry-After: 3600', () => {
  test.each<[string, number, Record<string, string>, string]>([
    ['the page of a captive portal', 200, html, page],
    ['a redirect to its login', 302, { location: 'https://portal.example/' }, ''],
    ['a network that requires a login', 511, html, page],
    ['a proxy that requires a password', 407, {}, ''],
    ['the error page of a gateway', 502, html, page],
    ['a bare 429 of a CDN', 429, {}, ''],
    ['the 429 page of a CDN', 429, html, page],
    ['a bare 503 of a load balancer', 503, {}, ''],
    ['the 503 page of a captive portal', 503, html, page],
    ['a problem document outside the contract', 503, {}, '{"type":"about:blank","status":503,"title":"No"}'],
    ['a body that is not text', 503, { 'content-encoding': 'gzip' }, 'x'],
    ['another Cloudly that is busy', 429, {}, document('rate-limited', 'cloudly-2')],
    ['another Cloudly that is down', 503, {}, document('unavailable', 'cloudly-2')],
    ['another Cloudly without the endpoint', 404, {}, document('not-found', 'cloudly-2')],
    ['a problem with a status that is not its own', 502, {}, document('unavailable', cloudlyId)],
  ])('of %s holds a node for at most five minutes', async (_what, status, headers, body) => {
    const pace = await heartbeat(status, headers, body);
    expect(pace.kind).toBe('backoff');
    expect(longest(pace)).toBeLessThanOrEqual(5 * minute);
  });

  test.each<[string, number, string]>([
    ['is busy', 429, document('rate-limited', cloudlyId)],
    ['is down', 503, document('unavailable', cloudlyId)],
    ['reports something that this version does not know', 404, document('not-found', cloudlyId)],
  ])('of its own Cloudly that %s is obeyed', async (_what, status, body) => {
    const pace = await heartbeat(status, {}, body);
    expect([shortest(pace), longest(pace)]).toEqual([hour, expect.closeTo(1.1 * hour, -2)]);
  });
});

test('only its own verified Cloudly can hold a node beyond the backoff ceiling', () => {
  const retryAfterMs = fc.integer({ min: 0, max: 10 ** 9 });
  const issuer = fc.constantFrom(undefined, cloudlyId, 'cloudly-2');
  const kind = fc.constantFrom('rate-limited' as const, 'unavailable' as const, 'not-cloudly' as const);
  fc.assert(
    fc.property(kind, retryAfterMs, issuer, fc.nat(30), (someKind, asked, by, failuresInARow) => {
      const outcome = {
        kind: someKind,
        status: 503,
        reason: 'a page',
        retryAfterMs: asked,
        ...(by !== undefined && someKind !== 'not-cloudly' && { problem: problem('unavailable', { cloudlyId: by }) }),
      } as NoVerdict;
      const isOwn = 'problem' in outcome && by === cloudlyId;
      for (const { pace } of [
        afterHeartbeat(turn({ failuresInARow }), outcome),
        afterRegister(turn({ failuresInARow, node: 'unregistered', credential: 'registration-key' }), outcome),
      ]) {
        const isKept = isOwn ? shortest(pace) >= Math.min(hour, asked) : longest(pace) <= 5 * minute;
        expect({ pace, isKept }).toEqual({ pace, isKept: true });
      }
    }),
  );
});
