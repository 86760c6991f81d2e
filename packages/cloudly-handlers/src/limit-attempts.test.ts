import { endpoints, parseHeartbeatAnswer, parseRegisterAnswer } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { createCloudly, post, read } from './fixtures/cloudly.js';
import { createDevice, type Device, enrol } from './fixtures/device.js';
import type { CloudlyHandlersOptions } from './handler-options.js';
import { createMemoryStore } from './memory-store.js';

const SHOP = '203.0.113.7';

const setUp = (options: Partial<CloudlyHandlersOptions> = {}) => {
  const cloudly = createCloudly(createMemoryStore(), {
    attemptsPerAddressMax: 3,
    clientAddress: (_request, info) => String(info),
    ...options,
  });
  const registerFrom = async (address: string, device: Device, joinToken?: string) => {
    const request = post(endpoints.register.path, JSON.stringify(device.registration()), joinToken);
    return read(await cloudly.handlers.fetch(request, address), parseRegisterAnswer);
  };
  const beatFrom = async (address: string, device: Device, nodeToken: string) => {
    const request = post(endpoints.heartbeat.path, JSON.stringify(device.heartbeat()), nodeToken);
    return read(await cloudly.handlers.fetch(request, address), parseHeartbeatAnswer);
  };
  return { cloudly, registerFrom, beatFrom };
};

describe('the limit by address', () => {
  test('counts registrations, also those that succeed, and says when to come again', async () => {
    const { cloudly, registerFrom } = setUp();
    const joinToken = await cloudly.createJoinToken({ uses: 100 });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await registerFrom(SHOP, await createDevice(), joinToken)).status);
    }
    expect(statuses).toEqual([201, 201, 201, 429]);
    cloudly.advance(20_000);
    const refused = await registerFrom(SHOP, await createDevice(), joinToken);
    expect([refused.problem?.code, refused.retryAfter]).toEqual(['rate-limited', '40']);
    expect((await registerFrom('203.0.113.8', await createDevice(), joinToken)).status).toBe(201);
    cloudly.advance(40_000);
    expect((await registerFrom(SHOP, await createDevice(), joinToken)).status).toBe(201);
  });

  test('counts no heartbeat that succeeds: the devices of a shop share one address', async () => {
    const { cloudly, beatFrom } = setUp();
    const device = await createDevice();
    const nodeToken = await enrol(cloudly, device);
    for (let count = 0; count < 10; count += 1) expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('counts nobody who only asks whether a Cloudly is there, and answers beyond the limit', async () => {
    const { cloudly, beatFrom } = setUp();
    const ask = async (path: string, method: string) =>
      (await cloudly.handlers.fetch(new Request(`https://cloudly.example${path}`, { method }), SHOP)).status;
    for (const { path } of Object.values(endpoints)) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) expect(await ask(path, method)).toBe(405);
    }
    const device = await createDevice();
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await beatFrom(SHOP, device, 'guess')).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(await ask(endpoints.heartbeat.path, 'GET')).toBe(405);
  });

  test('answers a heartbeat by a good token whatever others have done there, and guesses no more', async () => {
    const { cloudly, beatFrom, registerFrom } = setUp();
    const device = await createDevice();
    const nodeToken = await enrol(cloudly, device);
    const statuses = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await beatFrom(SHOP, device, 'guess')).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await registerFrom(SHOP, device)).status).toBe(429);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('counts what finds no endpoint', async () => {
    const { cloudly } = setUp();
    const statuses = [];
    for (let count = 0; count < 5; count += 1) {
      statuses.push((await cloudly.handlers.fetch(post('/wp-login.php', ''), SHOP)).status);
    }
    expect(statuses).toEqual([404, 404, 404, 429, 429]);
  });

  test('does not read the body of what it refuses', async () => {
    const { cloudly, registerFrom } = setUp({ attemptsPerAddressMax: 1 });
    await registerFrom(SHOP, await createDevice());
    const request = post(endpoints.register.path, '{}');
    expect((await cloudly.handlers.fetch(request, SHOP)).status).toBe(429);
    expect(request.bodyUsed).toBe(false);
  });

  test('does not count what Cloudly itself could not answer', async () => {
    const { registerFrom } = setUp();
    const store = { ...createMemoryStore(), findNodeByTokenHash: () => Promise.reject(new Error('down')) };
    const { beatFrom } = setUp({ store, provisionalNodes: true });
    const device = await createDevice();
    for (let count = 0; count < 5; count += 1) expect((await beatFrom(SHOP, device, 'token')).status).toBe(503);
    expect((await registerFrom(SHOP, device)).status).toBe(401);
  });

  test('is none where the address is not known, or cannot be told', async () => {
    const clientAddress = (): undefined => {
      throw new Error('no socket');
    };
    for (const { cloudly, registerFrom } of [setUp({ clientAddress: () => undefined }), setUp({ clientAddress })]) {
      const joinToken = await cloudly.createJoinToken({ uses: 10 });
      for (let count = 0; count < 5; count += 1) {
        expect((await registerFrom(SHOP, await createDevice(), joinToken)).status).toBe(201);
      }
    }
  });
});

describe('the limit by node', () => {
  test('counts what succeeds, and says when to come again', async () => {
    const { cloudly, beatFrom } = setUp({ requestsPerNodeMax: 3 });
    const [device, other] = [await createDevice(), await createDevice()];
    const [nodeToken, othersToken] = [await enrol(cloudly, device), await enrol(cloudly, other)];
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push(await beatFrom(SHOP, device, nodeToken));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers.at(-1)?.retryAfter).toBe('60');
    expect((await beatFrom(SHOP, other, othersToken)).status).toBe(200);
    cloudly.advance(60_000);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('holds for a node that registers again and again', async () => {
    const { cloudly } = setUp({ requestsPerNodeMax: 2 });
    const device = await createDevice();
    await enrol(cloudly, device);
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await cloudly.register(device.registration())).status);
    expect(statuses).toEqual([200, 429, 429]);
  });

  test('is not used up by who guesses', async () => {
    const { cloudly, beatFrom } = setUp({ requestsPerNodeMax: 2 });
    const device = await createDevice();
    const nodeToken = await enrol(cloudly, device);
    for (let count = 0; count < 5; count += 1) await beatFrom('198.51.100.1', device, 'guess');
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });
});
