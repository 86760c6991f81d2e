import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { endpointUrl } from '@serve.zone/baseos-contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CloudlyServer } from '../../src/processes/cloudly-server.js';
import type { Database } from '../../src/database/database.js';
import { createEmulatedNode, type EmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { post } from '../../src/load/exchange.js';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { buildCloudly, type BuiltCli } from '../build-clis.js';
import { bearer, head, heartbeatPath, json } from './request-bytes.js';
import { wellFormedToken } from './well-formed-token.js';

const TIMEOUT_MS = 120_000;

/** All good nodes are behind one address, as those of a shop. */
const SHOP = '127.3.0.1';
const BEAT_EVERY_MS = 100;
/** What takes longer has failed for the node that sent it: so long does BaseRunner wait for an answer. */
const BEAT_MAX_MS = 30_000;

interface GoodNode {
  node: EmulatedNode;
  token: string;
}

/** Floods a real server from other addresses of this machine, beside the heartbeats of good nodes. Linux only. */
export function describeFloods(databaseName: string, createDatabase: () => Promise<Database>): void {
  describe.runIf(process.platform === 'linux')(`floods, with the fleet in ${databaseName}`, () => {
    let cli: BuiltCli;
    let database: Database;
    let server: CloudlyServer;
    let joinToken: string;
    let nodes: GoodNode[];

    const serve = (...flags: string[]) =>
      CloudlyServer.start({ cliPath: cli.path, storage: [...database.storage, ...flags] });

    beforeAll(async () => {
      [cli, database] = await Promise.all([buildCloudly(), createDatabase()]);
      // A client on the server's machine has no limits, but for one that a trusted proxy could be.
      server = await serve('--trust-proxy', '127.0.0.0/8');
      const made = new Program([
        cli.path,
        'join-token',
        'create',
        '--uses',
        '1000',
        '--url',
        server.url,
        ...database.storage,
      ]);
      await made.exited;
      joinToken = /BASEOS_JOIN_TOKEN=(\S+)/.exec(made.stdout)?.[1] ?? '';
      nodes = await Promise.all(Array.from({ length: 20 }, () => enrol()));
    }, TIMEOUT_MS);

    afterAll(async () => {
      await server?.kill();
      await database?.remove();
    });

    const enrol = async (): Promise<GoodNode> => {
      const node = createEmulatedNode();
      const url = endpointUrl(server.url, 'register');
      const { body } = await post(url, { token: joinToken, message: node.registration(), localAddress: SHOP });
      return { node, token: String(body['nodeToken']) };
    };

    const beat = async ({ node, token }: GoodNode, url = server.url): Promise<{ status: number; tookMs: number }> => {
      const startedAtMs = performance.now();
      const message = node.heartbeat();
      const { status } = await post(endpointUrl(url, 'heartbeat'), { token, message, localAddress: SHOP });
      return { status, tookMs: performance.now() - startedAtMs };
    };

    /** What valid nodes get in the meantime: each in turn, at a fixed pace. */
    const beatDuring = async (work: Promise<unknown>, url?: string) => {
      const beats: Promise<{ status: number; tookMs: number }>[] = [];
      const over = new AbortController();
      void work.finally(() => over.abort()).catch(() => undefined);
      while (!over.signal.aborted || beats.length < nodes.length) {
        const next = nodes[beats.length % nodes.length];
        if (next) beats.push(beat(next, url));
        await pause(BEAT_EVERY_MS);
      }
      await work;
      return Promise.all(beats);
    };

    const expectPace = (beats: readonly { status: number; tookMs: number }[]): void => {
      expect(new Set(beats.map(({ status }) => status))).toEqual(new Set([200]));
      expect(Math.max(...beats.map(({ tookMs }) => tookMs))).toBeLessThan(BEAT_MAX_MS);
    };

    /** How often each status came. */
    const statusesOf = async (asked: readonly Promise<{ status: number }>[]) => {
      const counts: Record<number, number> = {};
      for (const { status } of await Promise.all(asked)) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    };

    test('of registrations with all that a message may hold, deeply nested', { timeout: TIMEOUT_MS }, async () => {
      let deep: unknown = Array.from({ length: 129_000 }, () => 1);
      for (let depth = 0; depth < 29; depth += 1) deep = { x: deep };
      const message = { protocol: 1, a: deep };
      const url = endpointUrl(server.url, 'register');
      const asked = Array.from({ length: 8 }, async (_, index) => {
        const statuses = [];
        for (let count = 0; count < 15; count += 1) {
          statuses.push(await post(url, { token: 'x', message, localAddress: `127.5.0.${index + 1}` }));
        }
        return statuses;
      });
      expectPace(await beatDuring(Promise.all(asked)));
      const answers = (await Promise.all(asked)).flat();
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    });

    test('of well-formed node tokens from the same address', { timeout: TIMEOUT_MS }, async () => {
      const url = endpointUrl(server.url, 'heartbeat');
      const message = createEmulatedNode().heartbeat();
      const asked = Array.from({ length: 600 }, () =>
        post(url, { token: wellFormedToken('bnt'), message, localAddress: SHOP }),
      );
      expectPace(await beatDuring(Promise.all(asked)));
      const statuses = await statusesOf(asked);
      expect(statuses[401]).toBeLessThanOrEqual(120);
      expect((statuses[401] ?? 0) + (statuses[429] ?? 0)).toBe(600);
    });

    test('of well-formed join tokens from the same address, where devices enrol', { timeout: TIMEOUT_MS }, async () => {
      const url = endpointUrl(server.url, 'register');
      const asked = Array.from({ length: 300 }, () =>
        post(url, { token: wellFormedToken('bjt'), message: createEmulatedNode().registration(), localAddress: SHOP }),
      );
      const beats = await beatDuring(Promise.all(asked));
      expectPace(beats);
      const newcomer = await enrol();
      expect((await beat(newcomer)).status).toBe(200);
      expect((await statusesOf(asked))[401] ?? 0).toBeLessThanOrEqual(120);
    });

    test('of heartbeats of one node whose bodies never end', { timeout: TIMEOUT_MS }, async () => {
      const greedy = await enrol();
      const begun = head(heartbeatPath, { ...bearer(greedy.token), ...json, 'Content-Length': 200_000 });
      const held = await Promise.all(Array.from({ length: 300 }, () => open(server.url, '127.5.1.1')));
      const refused = held.map((socket) => once(socket, 'data'));
      for (const socket of held) socket.write(`${begun}${' '.repeat(100_000)}`);
      // All but those that are read at a time are turned away at once.
      const turnedAway = new Promise<void>((resolve) => {
        let count = 0;
        for (const one of refused) void one.then(() => ((count += 1) === 284 ? resolve() : undefined));
      });
      const beats = await beatDuring(turnedAway);
      expectPace(beats);
      expect(beats.length).toBeGreaterThanOrEqual(nodes.length);
      for (const socket of held) socket.destroy();
    });

    test('of connections whose requests never progress', { timeout: TIMEOUT_MS }, async () => {
      await server.kill();
      const small = await serve('--connections-max', '200', '--log-format', 'json');
      try {
        const held: Socket[] = [];
        const flood = (async () => {
          for (let count = 0; count < 400; count += 1) {
            const socket = await open(small.url, `127.5.2.${1 + (count % 2)}`);
            socket.write('POST /baseos/v1/nodes/heartbeat HTTP/1.1\r\n');
            held.push(socket);
          }
        })();
        expectPace(await beatDuring(flood, small.url));
        const [told] = await small.process.logged(/.*"event":"connection-evicted".*/);
        expect(JSON.parse(told)).toMatchObject({
          level: 'warn',
          fields: { address: expect.stringMatching(/^127\.5\.2\.[12]$/), full: 'address' },
        });
        for (const socket of held) socket.destroy();
      } finally {
        await small.kill();
        server = await serve('--trust-proxy', '127.0.0.0/8');
      }
    });
  });
}

async function open(url: string, localAddress: string): Promise<Socket> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), localAddress });
  // It may be closed for another one's sake at any time.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
