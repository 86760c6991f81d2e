import { endpoints, parseHeartbeatRequest } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { post } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { problemResponse } from './problem-response.js';
import { readHeartbeatRequest, readRegisterRequest } from './read-request.js';

describe('a custom handler', () => {
  test('reads what a node sends', async () => {
    const device = createEmulatedNode();
    const registration = device.registration();
    const heartbeat = device.heartbeat();
    expect(await readRegisterRequest(post(endpoints.register.path, JSON.stringify(registration)))).toEqual({
      ok: true,
      value: registration,
    });
    expect(await readHeartbeatRequest(post(endpoints.heartbeat.path, JSON.stringify(heartbeat)))).toEqual({
      ok: true,
      value: heartbeat,
    });
  });

  test('gives the same verdict as the contracts on the same request', async () => {
    const good = JSON.stringify(createEmulatedNode().heartbeat());
    const header = fc.oneof(
      fc.constantFrom('application/json', 'application/json; charset=utf-7', 'gzip', '', '262145', undefined),
      fc.stringMatching(/^[!-~]{0,20}$/),
    );
    const heads = fc.record({ 'content-type': header, 'content-encoding': header, 'content-length': header });
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 99 }).map((bytes) => new Uint8Array(bytes)),
      fc
        .constantFrom(good, `\uFEFF${good}`, `\uFEFF\uFEFF${good}`, `${good}x`, '')
        .map((text) => new TextEncoder().encode(text)),
    );
    const methods = fc.constantFrom('POST', 'PUT', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(methods, heads, bodies, async (method, head, body) => {
        const headers = Object.fromEntries(
          Object.entries(head).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
        );
        const request = new Request('http://localhost', { method, headers, body });
        if (!headers['content-type']) request.headers.delete('content-type');
        expect(await readHeartbeatRequest(request)).toEqual(parseHeartbeatRequest({ method, headers, body }));
      }),
    );
  });

  test('reports another method', async () => {
    const parsed = await readRegisterRequest(new Request('http://localhost'));
    expect(parsed).toEqual({ ok: false, problem: { code: 'method-not-allowed' } });
  });

  test('answers an unreadable request with the problem', async () => {
    const parsed = await readHeartbeatRequest(
      post(endpoints.heartbeat.path, '{}', undefined, { 'content-type': 'text/plain' }),
    );
    if (parsed.ok) throw new Error('a text was read as a heartbeat');
    const response = problemResponse(parsed.problem, { cloudlyId: 'my-cloudly', nowMs: 0, retryAfterMs: 1500 });
    expect([response.status, response.headers.get('content-type'), response.headers.get('retry-after')]).toEqual([
      415,
      'application/problem+json',
      '2',
    ]);
    expect(await response.json()).toMatchObject({
      code: 'unsupported-media-type',
      cloudlyId: 'my-cloudly',
      protocol: 1,
      serverTime: '1970-01-01T00:00:00.000Z',
    });
  });
});
