import { endpoints, parseHeartbeatAnswer, parseRegisterAnswer, type TokenKind } from '@serve.zone/baseos-contracts';
import { describe, expect, test, vi } from 'vitest';
import { createCloudly, post, read } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode, type EmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import type { NodeStore } from '../fleet/node-store.js';
import type { CloudlyHandlersOptions } from '../context/handler-options.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { mintToken } from '../fleet/mint-token.js';

const SHOP = '203.0.113.7';

function setUp(options: Partial<CloudlyHandlersOptions> = {}) {
  const cloudly = createCloudly(options.store ?? createMemoryStore(), {
    attemptsPerAddressMax: 3,
    clientAddress: (_request, info) => String(info),
    ...options,
  });
  const registerFrom = async (address: string, device: EmulatedNode, joinToken?: string) => {
    const request = post(endpoints.register.path, JSON.stringify(device.registration()), joinToken);
    return read(await cloudly.handlers.fetch(request, address), parseRegisterAnswer);
  };
  const beatFrom = async (address: string, device: EmulatedNode, nodeToken: string) => {
    const request = post(endpoints.heartbeat.path, JSON.stringify(device.heartbeat()), nodeToken);
    return read(await cloudly.handlers.fetch(request, address), parseHeartbeatAnswer);
  };
  return { cloudly, registerFrom, beatFrom };
}

describe('the limit by address', () => {
  test('counts registrations, even successful ones, and says when to retry', async () => {
    const { cloudly, registerFrom } = setUp();
    const joinToken = await cloudly.createJoinToken({ uses: 100 });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await registerFrom(SHOP, createEmulatedNode(), joinToken)).status);
    }
    expect(statuses).toEqual([201, 201, 201, 429]);
    cloudly.advance(20_000);
    const refused = await registerFrom(SHOP, createEmulatedNode(), joinToken);
    expect([refused.problem?.code, refused.retryAfter]).toEqual(['rate-limited', '40']);
    expect((await registerFrom('203.0.113.8', createEmulatedNode(), joinToken)).status).toBe(201);
    cloudly.advance(40_000);
    expect((await registerFrom(SHOP, createEmulatedNode(), joinToken)).status).toBe(201);
  });

  test('does not count successful heartbeats, because the devices of a shop share one address', async () => {
    const { cloudly, beatFrom } = setUp();
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    for (let count = 0; count < 10; count += 1) expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('does not count calls that only check whether a Cloudly is there, and answers them beyond the limit', async () => {
    const { cloudly, beatFrom } = setUp();
    const ask = async (path: string, method: string) =>
      (await cloudly.handlers.fetch(new Request(`https://cloudly.example${path}`, { method }), SHOP)).status;
    for (const { path } of Object.values(endpoints)) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) expect(await ask(path, method)).toBe(405);
    }
    const device = createEmulatedNode();
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await beatFrom(SHOP, device, 'guess')).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(await ask(endpoints.heartbeat.path, 'GET')).toBe(405);
  });

  test('answers a heartbeat with a good token whatever others did at that address, and checks no more guesses', async () => {
    const { cloudly, beatFrom, registerFrom } = setUp();
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const statuses = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await beatFrom(SHOP, device, 'guess')).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await registerFrom(SHOP, device)).status).toBe(429);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('counts requests that match no endpoint', async () => {
    const { cloudly } = setUp();
    const statuses = [];
    for (let count = 0; count < 5; count += 1) {
      statuses.push((await cloudly.handlers.fetch(post('/wp-login.php', ''), SHOP)).status);
    }
    expect(statuses).toEqual([404, 404, 404, 429, 429]);
  });

  test('does not read the body of a rejected request', async () => {
    const { cloudly, registerFrom } = setUp({ attemptsPerAddressMax: 1 });
    await registerFrom(SHOP, createEmulatedNode());
    const request = post(endpoints.register.path, '{}');
    expect((await cloudly.handlers.fetch(request, SHOP)).status).toBe(429);
    expect(request.bodyUsed).toBe(false);
  });

  test('does not count requests that Cloudly itself failed to answer', async () => {
    const { registerFrom } = setUp();
    const store = { ...createMemoryStore(), findNodeByTokenHash: () => Promise.reject(new Error('down')) };
    const { beatFrom } = setUp({ store, legacyNodes: true });
    const device = createEmulatedNode();
    for (let count = 0; count < 5; count += 1) expect((await beatFrom(SHOP, device, 'token')).status).toBe(503);
    expect((await registerFrom(SHOP, device)).status).toBe(401);
  });

  test('does not apply if the address is unknown or ambiguous', async () => {
    const clientAddress = (): undefined => {
      throw new Error('no socket');
    };
    for (const { cloudly, registerFrom } of [setUp({ clientAddress: () => undefined }), setUp({ clientAddress })]) {
      const joinToken = await cloudly.createJoinToken({ uses: 10 });
      for (let count = 0; count < 5; count += 1) {
        expect((await registerFrom(SHOP, createEmulatedNode(), joinToken)).status).toBe(201);
      }
    }
  });
});

describe('the limit by node', () => {
  test('counts successful requests, and says when to retry', async () => {
    const { cloudly, beatFrom } = setUp({ requestsPerNodeMax: 3 });
    const [device, other] = [createEmulatedNode(), createEmulatedNode()];
    const [nodeToken, othersToken] = [await enrol(cloudly, device), await enrol(cloudly, other)];
    const answers = [];
    for (let count = 0; count < 3; count += 1) answers.push(await beatFrom(SHOP, device, nodeToken));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers.at(-1)?.retryAfter).toBe('60');
    expect((await beatFrom(SHOP, other, othersToken)).status).toBe(200);
    cloudly.advance(60_000);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('costs the store nothing once a token has used it up', async () => {
    const { calls, store } = counted(createMemoryStore());
    const { cloudly, beatFrom } = setUp({ requestsPerNodeMax: 5, store });
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const statuses = [];
    for (let count = 0; count < 20; count += 1) statuses.push((await beatFrom(SHOP, device, nodeToken)).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(16);
    expect(calls.tokens).toBe(5);
    cloudly.advance(60_000);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('applies to a node that registers again and again', async () => {
    const { cloudly } = setUp({ requestsPerNodeMax: 2 });
    const device = createEmulatedNode();
    await enrol(cloudly, device);
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await cloudly.register(device.registration())).status);
    expect(statuses).toEqual([200, 429, 429]);
  });

  test('cannot be used up by guessing', async () => {
    const { cloudly, beatFrom } = setUp({ requestsPerNodeMax: 2 });
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    for (let count = 0; count < 5; count += 1) await beatFrom('198.51.100.1', device, 'guess');
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });
});

/** A body that ends when the test says so. */
function heldBody(text: string) {
  let finish = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text.slice(0, 10)));
      finish = () => {
        controller.enqueue(new TextEncoder().encode(text.slice(10)));
        controller.close();
      };
    },
  });
  return { body, finish };
}

/** With a valid form and checksum, which anybody can make. */
async function guess(kind: TokenKind) {
  return (await mintToken(kind, (byteCount) => crypto.getRandomValues(new Uint8Array(byteCount)))).token;
}

function counted(store: NodeStore) {
  const calls = { tokens: 0, pages: 0, joinTokens: 0, lists: 0 };
  const counting: NodeStore = {
    ...store,
    findNodeByTokenHash: (hash) => ((calls.tokens += 1), store.findNodeByTokenHash(hash)),
    listNodes: (page) => ((calls.pages += 1), store.listNodes(page)),
    findJoinToken: (id) => ((calls.joinTokens += 1), store.findJoinToken(id)),
    listJoinTokens: () => ((calls.lists += 1), store.listJoinTokens()),
  };
  return { calls, store: counting };
}

/** Answers the requests, and waits until all have their answer but for as many as are held. */
async function answerAllBut(heldCount: number, answers: readonly Promise<Response>[]): Promise<Response[]> {
  const early: Response[] = [];
  for (const answer of answers) void answer.then((response) => early.push(response));
  await vi.waitFor(() => expect(early).toHaveLength(answers.length - heldCount), { timeout: 30_000 });
  return early;
}

describe('a flood of guesses from one address', () => {
  test('by well-formed node tokens costs the store no more lookups than the address has failures, and shuts no neighbour out', async () => {
    const shared = createMemoryStore();
    const before = setUp({ store: shared });
    const device = createEmulatedNode();
    const nodeToken = await enrol(before.cloudly, device);
    // Another process, which has never heard of the node's token.
    const { calls, store } = counted(shared);
    const { beatFrom } = setUp({ store });
    const guesses = await Promise.all(Array.from({ length: 40 }, () => guess('node')));
    const statuses = await Promise.all(guesses.map(async (token) => (await beatFrom(SHOP, device, token)).status));
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(37);
    expect(calls).toMatchObject({ tokens: 3, pages: 1 });
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
    for (const token of guesses) await beatFrom(SHOP, device, token);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
    expect(calls).toMatchObject({ tokens: 5, pages: 1 });
  });

  test('by bad join tokens does not prevent a neighbour with a good one from enrolling', async () => {
    const { calls, store } = counted(createMemoryStore());
    const { cloudly, registerFrom } = setUp({ store });
    const joinToken = await cloudly.createJoinToken({ uses: 10 });
    const statuses = [];
    for (let count = 0; count < 20; count += 1) {
      statuses.push((await registerFrom(SHOP, createEmulatedNode(), await guess('join'))).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(17);
    expect(calls).toMatchObject({ joinTokens: 3, lists: 1 });
    expect((await registerFrom(SHOP, createEmulatedNode(), joinToken)).status).toBe(201);
    expect((await registerFrom(SHOP, createEmulatedNode())).status).toBe(429);
    expect((await registerFrom('203.0.113.8', createEmulatedNode(), joinToken)).status).toBe(201);
  });

  test('makes a good token wait for seconds, not for the whole window', async () => {
    const shared = createMemoryStore();
    const device = createEmulatedNode();
    const nodeToken = await enrol(setUp({ store: shared }).cloudly, device);
    const { beatFrom, cloudly } = setUp({ store: shared });
    const last = [];
    for (let count = 0; count < 3; count += 1) last.push(await beatFrom(SHOP, device, await guess('node')));
    const refused = await beatFrom(SHOP, device, nodeToken);
    expect([refused.status, refused.retryAfter]).toEqual([429, '5']);
    cloudly.advance(5000);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });
});

describe('a request under judgement counts', () => {
  test('before its body is read, so that a simultaneous crowd gets no further than a sequence', async () => {
    const { registerFrom } = setUp({ attemptsPerAddressMax: 20 });
    const devices = Array.from({ length: 60 }, () => createEmulatedNode());
    const answers = await Promise.all(devices.map((device) => registerFrom(SHOP, device)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
  });

  test('against its node, even if it is rejected', async () => {
    const { cloudly, beatFrom } = setUp({ requestsPerNodeMax: 3 });
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const malformed = { ...device, heartbeat: () => ({ ...device.heartbeat(), vitals: [] as never }) };
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await beatFrom(SHOP, malformed, nodeToken)).status);
    expect(statuses).toEqual([400, 400, 429, 429]);
  });
});

describe('requests in flight', () => {
  test('are few per node, and excess ones are rejected unread', async () => {
    const { cloudly, beatFrom } = setUp();
    const [device, other] = [createEmulatedNode(), createEmulatedNode()];
    const [nodeToken, othersToken] = [await enrol(cloudly, device), await enrol(cloudly, other)];
    const held = Array.from({ length: 100 }, () => heldBody(JSON.stringify(device.heartbeat())));
    const requests = held.map(({ body }) => post(endpoints.heartbeat.path, body, nodeToken));
    const answers = requests.map((request) => cloudly.handlers.fetch(request, SHOP));
    const early = await answerAllBut(16, answers);
    expect(early.map(({ status }) => status)).toEqual(Array.from({ length: 84 }, () => 429));
    await vi.waitFor(() => expect(requests.filter(({ bodyUsed }) => bodyUsed)).toHaveLength(16));
    expect((await beatFrom(SHOP, other, othersToken)).status).toBe(200);
    for (const { finish } of held) finish();
    expect((await Promise.all(answers)).filter(({ status }) => status === 200)).toHaveLength(16);
    expect((await beatFrom(SHOP, device, nodeToken)).status).toBe(200);
  });

  test('are few per registering address, and a good join token has a place beside them', async () => {
    const { cloudly, registerFrom } = setUp({ attemptsPerAddressMax: 1000 });
    const joinToken = await cloudly.createJoinToken({ uses: 10 });
    expect((await registerFrom(SHOP, createEmulatedNode(), joinToken)).status).toBe(201);
    const held = Array.from({ length: 100 }, () => heldBody('{"protocol":1,"nodeId":"a"}'));
    const answers = held.map(({ body }) => cloudly.handlers.fetch(post(endpoints.register.path, body), SHOP));
    await answerAllBut(32, answers);
    expect((await registerFrom(SHOP, createEmulatedNode(), joinToken)).status).toBe(201);
    for (const { finish } of held) finish();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(32);
    expect(statuses.filter((status) => status === 429)).toHaveLength(68);
  });
});
