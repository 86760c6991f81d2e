import { endpoints } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { post } from './fixtures/cloudly.js';
import { createDevice } from './fixtures/device.js';
import { problemResponse } from './problem-response.js';
import { readHeartbeatRequest, readRegisterRequest } from './read-request.js';

describe('a handler of one’s own', () => {
  test('reads what a node says', async () => {
    const device = await createDevice();
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

  test('answers what it cannot read with the problem', async () => {
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
