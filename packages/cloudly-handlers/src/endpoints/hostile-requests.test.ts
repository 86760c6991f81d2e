import { gzipSync } from 'node:zlib';
import { endpoints, limits, parseRegisterAnswer } from '@serve.zone/baseos-contracts';
import {
  malformed,
  nested,
  type RefusedBody,
  refusedBodies,
  tooLarge,
  unsupported,
} from '@serve.zone/baseos-testing/network/refused-bodies';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCloudly, post, read, type TestCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { runtimeStatus } from '../stores/suite/fixtures.js';

const registration = createEmulatedNode().registration();

function withStatus(member: object): string {
  return JSON.stringify({ ...registration, status: { ...registration.status, ...member } });
}

const attacks: readonly RefusedBody[] = [
  ...refusedBodies,
  { name: 'half a registration', body: JSON.stringify(registration).slice(0, 99), refusal: malformed },
  { name: 'U+0000 in a string', body: withStatus({ note: 'a\u0000b' }), refusal: malformed },
  { name: 'U+0000 in a key', body: withStatus({ 'a\u0000b': 1 }), refusal: malformed },
  {
    name: 'a lone surrogate in a status',
    body: withStatus({ note: '' }).replace('"note":""', '"note":"\\ud800"'),
    refusal: malformed,
  },
  {
    name: 'a key __proto__ in a status',
    body: withStatus({}).replace('"agent"', '"__proto__":{"isAdmin":true},"agent"'),
    refusal: malformed,
  },
  {
    name: 'deep nesting',
    body: withStatus({ deep: 0 }).replace('"deep":0', `"deep":${nested(40)}`),
    refusal: malformed,
  },
  {
    name: 'a string that is too long',
    body: withStatus({ note: 'x'.repeat(limits.stringMaxLength + 1) }),
    refusal: malformed,
  },
  {
    name: 'SQL as a node ID',
    body: JSON.stringify({ ...registration, nodeId: `x'; DROP TABLE node; --` }),
    refusal: malformed,
  },
  {
    name: 'a path as a node ID',
    body: JSON.stringify({ ...registration, nodeId: '../../etc/passwd' }),
    refusal: malformed,
  },
  {
    name: 'a status that is too large',
    body: withStatus({ pad: Array.from({ length: limits.statusMaxBytes / 1024 }, () => 'x'.repeat(1024)) }),
    refusal: tooLarge,
  },
  { name: 'a body of a byte too much', body: ' '.repeat(limits.bodyMaxBytes + 1), refusal: tooLarge },
  {
    name: 'a compressed registration',
    body: new Uint8Array(gzipSync(JSON.stringify(registration))),
    headers: { 'content-encoding': 'gzip' },
    refusal: unsupported,
  },
  { name: 'no content type', body: '{}', headers: { 'content-type': '' }, refusal: unsupported },
];

async function register(cloudly: TestCloudly, request: Request) {
  return read(await cloudly.fetch(request), parseRegisterAnswer);
}

describe.for(stores)('hostile requests, on $name', ({ openStore }) => {
  test.for(attacks)('$name: rejected with its code, and Cloudly continues', async ({ body, headers, refusal }) => {
    const cloudly = createCloudly(await openStore());
    const joinToken = await cloudly.createJoinToken();
    const { status, problem } = await register(cloudly, post(endpoints.register.path, body, joinToken, headers));
    expect([status, problem?.code]).toEqual(refusal);
    expect(cloudly.errors).toEqual([]);
    expect(await cloudly.store.listNodes({ limit: 10 })).toEqual([]);
    expect((await cloudly.store.listJoinTokens())[0]?.usedCount).toBe(0);
    expect((await cloudly.register(registration, joinToken)).status).toBe(201);
  });

  test('SQL in every string is stored as it is', async () => {
    const cloudly = createCloudly(await openStore());
    const sql = `'); DELETE FROM node; --`;
    const device = createEmulatedNode();
    const status = {
      ...runtimeStatus(sql),
      agent: { name: sql, version: sql },
      acceptedCommands: [sql],
      device: { uuid: sql },
    };
    const { answer } = await cloudly.register(device.registration({ status }), await cloudly.createJoinToken());
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    const runningCommand = { id: crypto.randomUUID(), phase: sql };
    await cloudly.heartbeat(device.heartbeat({ status, statusHash: sql, runningCommand }), nodeToken);
    expect(await cloudly.store.findStatus(device.nodeId)).toMatchObject({ hash: sql, status });
    expect((await cloudly.store.findNode(device.nodeId))?.lastHeartbeat?.runningCommand).toEqual(runningCommand);
  });

  test('SQL as a bearer: rejected as an unknown token', async () => {
    const cloudly = createCloudly(await openStore());
    const { problem } = await cloudly.heartbeat(registration, `'/**/OR/**/1=1--`);
    expect(problem?.code).toBe('node-token-unknown');
  });
});

describe('the body of a request', () => {
  const [{ openStore }] = stores as [(typeof stores)[number]];

  /** An endless body that records how much was read and whether it was cancelled. */
  const endless = () => {
    const seen = { bytes: 0, cancelled: false };
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        seen.bytes += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
      cancel() {
        seen.cancelled = true;
      },
    });
    return { body, seen };
  };

  test('is abandoned at four times the limit if it never ends', async () => {
    const cloudly = createCloudly(await openStore());
    const { body, seen } = endless();
    const { status } = await register(cloudly, post(endpoints.register.path, body));
    expect(status).toBe(413);
    expect(seen.cancelled).toBe(true);
    expect(seen.bytes).toBeLessThan(4 * limits.bodyMaxBytes + 3 * 65_536);
  });

  test('that is slightly too large is drained, so that its sender gets the answer', async () => {
    const cloudly = createCloudly(await openStore());
    let pieces = 0;
    let isReadToItsEnd = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pieces += 1;
          if (pieces <= 3) return controller.enqueue(new Uint8Array(limits.bodyMaxBytes));
          isReadToItsEnd = true;
          return controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    expect((await register(cloudly, post(endpoints.register.path, body))).status).toBe(413);
    expect(isReadToItsEnd).toBe(true);
  });

  test('is not read at all if its announced length is too large', async () => {
    const cloudly = createCloudly(await openStore());
    const { body, seen } = endless();
    const headers = { 'content-length': String(limits.bodyMaxBytes + 1) };
    expect((await register(cloudly, post(endpoints.register.path, body, undefined, headers))).status).toBe(413);
    expect(seen.bytes).toBeLessThanOrEqual(65_536);
  });

  test('of a heartbeat is not read before the token is verified', async () => {
    const cloudly = createCloudly(await openStore());
    const request = post(endpoints.heartbeat.path, endless().body, 'guess');
    expect((await cloudly.fetch(request)).status).toBe(401);
    expect(request.bodyUsed).toBe(false);
  });

  test('may be as large as the limit', async () => {
    const cloudly = createCloudly(await openStore());
    const body = JSON.stringify(registration).padEnd(limits.bodyMaxBytes);
    const request = post(endpoints.register.path, body, await cloudly.createJoinToken());
    expect((await register(cloudly, request)).status).toBe(201);
  });

  test('that does not arrive in time is abandoned: 400', async () => {
    const cloudly = createCloudly(await openStore(), { bodyTimeoutMs: 20 });
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
      cancel: () => void (isCancelled = true),
    });
    const { status, problem } = await register(cloudly, post(endpoints.register.path, body));
    expect([status, problem?.issues]).toEqual([400, [{ path: '', rule: 'body-in-time' }]]);
    expect(isCancelled).toBe(true);
  });

  test('that is cut off: 400', async () => {
    const cloudly = createCloudly(await openStore());
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('ECONNRESET')),
    });
    const { status, problem } = await register(cloudly, post(endpoints.register.path, body));
    expect([status, problem?.issues]).toEqual([400, [{ path: '', rule: 'complete-body' }]]);
  });

  test('in too many chunks is abandoned, however small they are', async () => {
    const cloudly = createCloudly(await openStore());
    let pieceCount = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pieceCount += 1;
        controller.enqueue(Uint8Array.of(0x20));
      },
    });
    const { status, problem } = await register(cloudly, post(endpoints.register.path, body));
    expect([status, problem?.issues]).toEqual([400, [{ path: '', rule: 'body-in-large-pieces' }]]);
    expect(pieceCount).toBeLessThan(5000);
  });

  test('may arrive in chunks that split a character', async () => {
    const cloudly = createCloudly(await openStore());
    const bytes = new TextEncoder().encode(JSON.stringify({ ...registration, status: runtimeStatus('Kühlhaus 🧊') }));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const request = post(endpoints.register.path, body, await cloudly.createJoinToken());
    expect((await register(cloudly, request)).status).toBe(201);
    expect((await cloudly.store.findStatus(registration.nodeId))?.status.host.hostname).toBe('Kühlhaus 🧊');
  });

  test.for(['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'may be declared as %s',
    async (type) => {
      const cloudly = createCloudly(await openStore());
      const request = post(endpoints.register.path, JSON.stringify(registration), await cloudly.createJoinToken(), {
        'content-type': type,
      });
      expect((await register(cloudly, request)).status).toBe(201);
    },
  );

  test('of any bytes gets a problem document of the contract, never a failure', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
      fc.json({ maxDepth: 8 }),
      fc
        .record({ protocol: fc.constant(1), nodeId: fc.constant(device.nodeId), status: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
      // Each member of a good request in turn is anything else.
      fc
        .tuple(fc.constantFrom(...Object.keys(device.heartbeat())), fc.jsonValue())
        .map(([key, value]) => JSON.stringify({ ...device.heartbeat(), [key]: value })),
    );
    const paths = fc.constantFrom(endpoints.register.path, endpoints.heartbeat.path);
    await fc.assert(
      fc.asyncProperty(paths, bodies, async (path, body) => {
        const response = await cloudly.fetch(post(path, body, nodeToken));
        if (response.ok) return;
        const { problem } = await read(response, parseRegisterAnswer);
        expect(response.status).toBeLessThan(500);
        expect(problem?.cloudlyId).toBe('cloudly-under-test');
      }),
      { numRuns: howMany(100, 500) },
    );
    expect(cloudly.errors).toEqual([]);
  });
});
