import { limits, problemDocument, type ProblemCode, problems, wakeEndpoint } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { CloudlyConnector } from './cloudly-connector.js';
import type { FetchLike } from './transport/fetch-like.js';

const issuer = { cloudlyId: 'cloudly', serverTime: '2026-11-23T16:00:00Z' };
const TOKEN = 'bnt_a-secret-token';

function answer(members: object): string {
  return JSON.stringify({ protocol: 1, ...issuer, ...members });
}

type Sent = { url: string; init: Parameters<FetchLike>[1] };

async function wakeBy(response: () => Response | Promise<Response>, { timeoutMs = 1000, waitMs = 0 } = {}) {
  const sent: Sent[] = [];
  const connector = new CloudlyConnector({
    cloudlyUrl: 'https://cloudly.test/fleet',
    timeoutMs,
    fetch: async (url, init) => {
      sent.push({ url, init });
      return response();
    },
  });
  return { outcome: await connector.wake({ nodeToken: TOKEN, waitMs }), sent };
}

describe('a request that waits to be woken', () => {
  test('is a GET with the node token, without a body, and follows no redirect', async () => {
    const { sent } = await wakeBy(() => new Response(answer({ wake: true })));
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe(`https://cloudly.test/fleet${wakeEndpoint.path}`);
    const { method, headers, body, redirect } = sent[0]?.init ?? {};
    expect({ method, body, redirect }).toEqual({ method: 'GET', body: undefined, redirect: 'manual' });
    expect(headers).toMatchObject({ Authorization: `Bearer ${TOKEN}`, 'Accept-Encoding': 'identity' });
    expect(headers).not.toHaveProperty('Content-Type');
  });

  test.each([
    [true, 'woken'],
    [false, 'not-woken'],
  ])('is answered with wake: %s: %s', async (wake, kind) => {
    const { outcome } = await wakeBy(() => new Response(answer({ wake, more: 1 })));
    expect(outcome).toMatchObject({ kind, answer: { wake } });
  });

  test.each([404, 501])('is not offered where the status is %d, whatever answers', async (status) => {
    for (const body of ['', '<html>', answer({ wake: true })]) {
      expect((await wakeBy(() => new Response(body, { status }))).outcome).toEqual({ kind: 'not-offered', status });
    }
  });

  test.each([429, 503])('finds Cloudly, or a proxy, busy where the status is %d', async (status) => {
    const bare = await wakeBy(() => new Response('', { status, headers: { 'retry-after': '7' } }));
    expect(bare.outcome).toEqual({ kind: 'busy', status, retryAfterMs: 7000 });
    const code = status === 429 ? 'rate-limited' : 'unavailable';
    const body = JSON.stringify(problemDocument({ code }, issuer));
    expect((await wakeBy(() => new Response(body, { status }))).outcome).toMatchObject({
      kind: 'busy',
      problem: { code },
    });
  });

  test.each(Object.keys(problems).filter((code) => ![404, 429, 503].includes(problems[code as ProblemCode].status)))(
    'only failed where the answer is %s: that is no verdict',
    async (code) => {
      const document = problemDocument({ code: code as ProblemCode, nodeId: 'a' }, issuer);
      const { outcome } = await wakeBy(() => new Response(JSON.stringify(document), { status: document.status }));
      expect(outcome).toMatchObject({ kind: 'failed', status: document.status, problem: { code } });
    },
  );

  test.each([
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), 'HTML'],
    ['another status', () => new Response(answer({ wake: true }), { status: 201 }), '201'],
    ['a heartbeat answer', () => new Response(answer({ accepted: true })), 'contract'],
    ['no JSON', () => new Response('yes'), 'contract'],
    ['nothing', () => new Response(null, { status: 204 }), '204'],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://a.test/' } }), 'redirect'],
    ['too much', () => new Response('x'.repeat(limits.bodyMaxBytes + 1)), 'more than'],
    ['a bare 410', () => new Response(null, { status: 410 }), '410'],
  ])('failed where %s came', async (_what, response, words) => {
    const { outcome } = await wakeBy(response);
    expect(outcome.kind).toBe('failed');
    expect(outcome.kind === 'failed' && outcome.reason).toContain(words);
  });

  test('failed where there is no connection, and where no answer came within the wait and the deadline', async () => {
    const refused = await wakeBy(() => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })));
    expect(refused.outcome).toMatchObject({ kind: 'failed', reason: 'ECONNREFUSED' });
    const late = await wakeBy(() => new Promise<Response>(() => undefined), { timeoutMs: 10, waitMs: 30 });
    expect(late.outcome).toEqual({ kind: 'failed', reason: 'no answer within 40 ms' });
  });

  test('ends when the caller aborts it', async () => {
    const caller = new AbortController();
    const connector = new CloudlyConnector({
      cloudlyUrl: 'https://cloudly.test',
      fetch: () => new Promise<Response>(() => undefined),
    });
    const outcome = connector.wake({ nodeToken: TOKEN, waitMs: 50_000, signal: caller.signal });
    caller.abort();
    expect(await outcome).toEqual({ kind: 'aborted' });
  });

  test('does not tell the token, even if the answer repeats it', async () => {
    const document = problemDocument({ code: 'unavailable', detail: `not ${TOKEN}` }, issuer);
    const { outcome } = await wakeBy(() => new Response(JSON.stringify(document), { status: 503 }));
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
  });

  test.each([-1, Number.NaN, 2 ** 31])('a wait of %d throws', async (waitMs) => {
    const connector = new CloudlyConnector({ cloudlyUrl: 'https://cloudly.test' });
    await expect(connector.wake({ nodeToken: TOKEN, waitMs })).rejects.toThrow(TypeError);
  });
});
