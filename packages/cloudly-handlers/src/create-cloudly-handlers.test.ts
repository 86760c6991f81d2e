import { endpoints, parseRegisterAnswer } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { createCloudlyHandlers } from './create-cloudly-handlers.js';
import type { NodeStore } from './fleet/node-store.js';
import { CLOUDLY_ID, createCloudly, post, read } from '../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../test/fixtures/enrol.js';
import { runtime } from './fleet/runtime.js';
import { createMemoryStore } from './stores/memory/memory-store.js';
import { mintToken } from './fleet/mint-token.js';

const { path } = endpoints.register;

describe('fetch', () => {
  test.for(['', '/cloudly', '/a/b/c'])('finds both endpoints under the mount path %j', async (mountPath) => {
    const cloudly = createCloudly(createMemoryStore());
    const device = createEmulatedNode();
    const registration = JSON.stringify(device.registration());
    const registered = await cloudly.fetch(
      post(mountPath + endpoints.register.path, registration, await cloudly.createJoinToken()),
    );
    const { answer } = await read(registered, parseRegisterAnswer);
    const heartbeat = JSON.stringify(device.heartbeat());
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    const answered = await cloudly.fetch(post(mountPath + endpoints.heartbeat.path, heartbeat, nodeToken));
    expect([registered.status, answered.status]).toEqual([201, 200]);
  });

  test.for(['/', '/baseos/v1/nodes', `${path}/`, `${path}x`, `/x${path.slice(1)}`, '/baseos/v2/nodes/register'])(
    'answers %s with 404 not-found',
    async (unknownPath) => {
      const cloudly = createCloudly(createMemoryStore());
      const { status, problem } = await read(await cloudly.fetch(post(unknownPath, '{}')), parseRegisterAnswer);
      expect([status, problem?.code]).toEqual([404, 'not-found']);
    },
  );

  test('ignores a query', async () => {
    const cloudly = createCloudly(createMemoryStore());
    expect((await cloudly.fetch(post(`${path}?from=device`, '{}'))).status).not.toBe(404);
  });

  test.for(['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])(
    'answers %s with 405 and the allowed method',
    async (method) => {
      const cloudly = createCloudly(createMemoryStore());
      const response = await cloudly.fetch(new Request(`https://cloudly.example${path}`, { method }));
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    },
  );
});

describe('register and heartbeat', () => {
  test('answer whatever the path of the request', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const device = createEmulatedNode();
    const registration = JSON.stringify(device.registration());
    const response = await cloudly.handlers.register(post('/elsewhere', registration, await cloudly.createJoinToken()));
    const { status, answer } = await read(response, parseRegisterAnswer);
    expect(status).toBe(201);
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    const heartbeat = JSON.stringify(device.heartbeat());
    expect((await cloudly.handlers.heartbeat(post('/elsewhere', heartbeat, nodeToken))).status).toBe(200);
  });
});

describe('every answer', () => {
  test('is not cacheable, and says which Cloudly sent it and when', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const registration = JSON.stringify(createEmulatedNode().registration());
    for (const request of [
      post(path, registration, await cloudly.createJoinToken()),
      post(path, '{'),
      post('/elsewhere', '{}'),
    ]) {
      const response = await cloudly.fetch(request);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const type = response.ok ? 'application/json' : 'application/problem+json';
      expect(response.headers.get('content-type')).toBe(type);
      const common = { protocol: 1, cloudlyId: CLOUDLY_ID, serverTime: '2026-11-23T12:00:00.000Z' };
      expect(await response.json()).toMatchObject(common);
    }
  });

  test('with 401 requires a bearer, and distinguishes a bad one from a missing one', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const ask = async (bearer?: string) =>
      (await cloudly.fetch(post(endpoints.heartbeat.path, '{}', bearer))).headers.get('www-authenticate');
    expect(await ask()).toBe('Bearer realm="baseos"');
    expect(await ask('guess')).toBe('Bearer realm="baseos", error="invalid_token"');
  });
});

describe('a store that fails', () => {
  const failing = (operation: keyof NodeStore): NodeStore => ({
    ...createMemoryStore(),
    [operation]: async () => {
      throw new Error('disk full at /var/lib/cloudly/secret-place');
    },
  });

  test.for(['findNode', 'findJoinToken', 'createNode', 'saveReport'] as const)(
    'in %s: 503 with Retry-After, reported to onError only',
    async (operation) => {
      const store = failing(operation);
      const cloudly = createCloudly(store);
      const joinToken = await cloudly.createJoinToken();
      const request = post(path, JSON.stringify(createEmulatedNode().registration()), joinToken);
      const response = await cloudly.fetch(request);
      const text = await response.clone().text();
      const { status, retryAfter, problem } = await read(response, parseRegisterAnswer);
      expect([status, retryAfter, problem?.code]).toEqual([503, '30', 'unavailable']);
      expect(text).not.toContain('secret-place');
      expect(cloudly.errors).toEqual([expect.objectContaining({ message: expect.stringContaining('disk full') })]);
    },
  );

  test('while it answers a heartbeat: 503', async () => {
    const cloudly = createCloudly(failing('findNodeByTokenHash'));
    const { token } = await mintToken('node', runtime.randomBytes);
    expect((await cloudly.heartbeat({}, token)).status).toBe(503);
  });

  test('by losing every compare-and-set: 503, not an endless loop', async () => {
    const store = createMemoryStore();
    const device = createEmulatedNode();
    await enrol(createCloudly(store), device);
    const cloudly = createCloudly({ ...store, replaceNode: async () => false });
    expect((await cloudly.register(device.registration())).status).toBe(503);
    expect(cloudly.errors).toEqual([expect.objectContaining({ name: 'FleetStoreError', code: 'contention' })]);
  });

  test('leaves nothing half done: the node is admitted when it repeats its registration', async () => {
    const store = createMemoryStore();
    const device = createEmulatedNode();
    const { joinToken } = { joinToken: await createCloudly(store).createJoinToken() };
    const broken = createCloudly({ ...store, saveReport: () => Promise.reject(new Error('full')) });
    expect((await broken.register(device.registration(), joinToken)).status).toBe(503);
    expect((await createCloudly(store).register(device.registration(), joinToken)).status).toBe(200);
  });
});

describe('a clock that fails', () => {
  test.for<[string, () => number]>([
    ['gives no number', () => Number.NaN],
    ['gives an instant outside every calendar', () => 1e300],
    [
      'throws',
      () => {
        throw new Error('no clock');
      },
    ],
  ])('because it %s: 503, and nobody is admitted', async ([, now]) => {
    const store = createMemoryStore();
    const cloudly = createCloudly(store, { now });
    const joinToken = await createCloudly(store).createJoinToken();
    const { status, problem } = await cloudly.register(createEmulatedNode().registration(), joinToken);
    expect([status, problem?.code]).toEqual([503, 'unavailable']);
    expect(await store.listNodes({ limit: 1 })).toEqual([]);
    expect(cloudly.errors.map(String)).toContainEqual(expect.stringMatching(/now\(\) must give|no clock/));
  });
});

test('a request whose URL cannot be parsed: 404, not a rejection', async () => {
  const cloudly = createCloudly(createMemoryStore());
  const request = Object.defineProperty(post(path, '{}'), 'url', { value: '/relative' });
  expect((await cloudly.fetch(request)).status).toBe(404);
});

describe('onHandled', () => {
  test('reports the life of a node in order', async () => {
    const cloudly = createCloudly(createMemoryStore(), { rotateNodeTokenAfterMs: 1000 });
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    cloudly.advance(1000);
    const { answer } = await cloudly.heartbeat(device.heartbeat(), nodeToken);
    await cloudly.heartbeat(device.heartbeat({ status: device.registration().status }), answer?.nextNodeToken);
    await cloudly.heartbeat(device.heartbeat(), nodeToken);

    const { nodeId } = device;
    const [, firstId] = nodeToken.split('_');
    const [, secondId] = (answer?.nextNodeToken ?? '').split('_');
    expect(cloudly.events).toMatchObject([
      { kind: 'node-registered', nodeId, created: true, nodeTokenId: firstId, atMs: cloudly.now() - 1000 },
      { kind: 'node-token-activated', nodeId, nodeTokenId: firstId, atMs: cloudly.now() },
      { kind: 'heartbeat-received', nodeId, sequence: 1, stored: true, sendFullStatus: true },
      { kind: 'node-token-issued', nodeId, nodeTokenId: secondId },
      { kind: 'node-token-activated', nodeId, nodeTokenId: secondId },
      { kind: 'heartbeat-received', nodeId, sequence: 2, stored: true, sendFullStatus: false },
      { kind: 'request-refused', endpoint: 'heartbeat', code: 'node-token-unknown', status: 401 },
    ]);
  });

  test('reports who waits for approval, with the code to compare', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const device = createEmulatedNode();
    await cloudly.register(device.registration(), await cloudly.createJoinToken({ requiresApproval: true }));
    const approvalCode = (await cloudly.store.findNode(device.nodeId))?.node.approvalCode;
    expect(cloudly.events).toMatchObject([
      { kind: 'node-pending', nodeId: device.nodeId, created: true, approvalCode },
    ]);
  });

  test('reports no secret', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const device = createEmulatedNode();
    const joinToken = await cloudly.createJoinToken();
    const { answer } = await cloudly.register(device.registration(), joinToken);
    const nodeToken = answer?.accepted ? answer.nodeToken : 'none';
    await cloudly.heartbeat(device.heartbeat(), nodeToken);
    await cloudly.heartbeat(device.heartbeat(), `${nodeToken}x`);
    const told = JSON.stringify(cloudly.events);
    const secretPart = (token: string) => token.split('_')[2];
    for (const secret of [secretPart(joinToken), secretPart(nodeToken), device.registrationKey]) {
      expect(secret?.length).toBeGreaterThan(40);
      expect(told).not.toContain(secret);
    }
  });

  test.for([
    [
      'throws',
      () => {
        throw new Error('listener');
      },
    ],
    ['rejects', () => Promise.reject(new Error('listener'))],
  ] as const)('that %s does not affect the answer, and is reported to onError', async ([, onHandled]) => {
    const errors: unknown[] = [];
    const onError = (error: unknown): void => {
      errors.push(error);
      throw new Error('and so does this one');
    };
    const cloudly = createCloudly(createMemoryStore(), { onHandled, onError });
    const { status } = await cloudly.register(createEmulatedNode().registration(), await cloudly.createJoinToken());
    expect(status).toBe(201);
    expect(errors).toEqual([expect.objectContaining({ message: 'listener' })]);
  });
});

describe('an option out of bounds', () => {
  test.for([
    [{ heartbeatIntervalMs: 4999 }, 'heartbeatIntervalMs'],
    [{ heartbeatIntervalMs: 3_600_001 }, 'heartbeatIntervalMs'],
    [{ heartbeatIntervalMs: Number.NaN }, 'heartbeatIntervalMs'],
    [{ rotateNodeTokenAfterMs: 0 }, 'rotateNodeTokenAfterMs'],
    [{ pendingRetryAfterMs: 999 }, 'pendingRetryAfterMs'],
    [{ heartbeatsPerSecondMax: 0 }, 'heartbeatsPerSecondMax'],
    [{ attemptsPerAddressMax: Number.NaN }, 'attemptsPerAddressMax'],
    [{ requestsPerNodeMax: -1 }, 'requestsPerNodeMax'],
    [{ bodyTimeoutMs: 2 ** 31 }, 'bodyTimeoutMs'],
    [{ cloudlyId: '' }, 'cloudlyId'],
    [{ cloudlyId: 'with space' }, 'cloudlyId'],
  ] as const)('%j throws', ([options, name]) => {
    const create = () => createCloudlyHandlers({ store: createMemoryStore(), cloudlyId: CLOUDLY_ID, ...options });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(name);
  });
});
