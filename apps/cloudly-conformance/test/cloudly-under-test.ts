import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  approveNode,
  createCloudlyHandlers,
  createJoinToken,
  createMemoryStore,
  type FleetStore,
  revokeNode,
} from '@serve.zone/baseos-cloudly-handlers';
import { endpoints } from '@serve.zone/baseos-contracts';
import { onTestFinished } from 'vitest';
import { createEmulatedNode } from '../src/emulated-node.js';
import type { ConformanceOptions } from '../src/run-conformance.js';
import { type Alter, CLOUDLY_ID, type Fetch, type Inside } from './alteration.js';
import { cloneSuspicion } from './beyond-handlers/clone-suspicion.js';
import { commandQueue } from './beyond-handlers/command-queue.js';
import { rebind } from './beyond-handlers/rebind.js';

const DAY_MS = 24 * 3_600_000;

/**
 * A Cloudly on a socket that keeps the whole contract, with everything that the kit can be given, and with a clock that
 * does what it is told. `alter` puts a fault into it.
 */
export const startCloudly = async (alter: Alter = (next) => next): Promise<ConformanceOptions> => {
  let nowMs = Date.now();
  const now = (): number => nowMs;
  let store = createMemoryStore();
  let backup = store;
  const listeners: Parameters<Inside['onAsk']>[0][] = [];

  const mint = async (options: Parameters<typeof createJoinToken>[1]) =>
    await createJoinToken(store, { uses: 1000, expiresInMs: 10_000 * DAY_MS, now, ...options });
  const [good, approval, expired, used, revoked, counted] = await Promise.all([
    mint({}),
    mint({ requiresApproval: true }),
    mint({ expiresInMs: 1 }),
    mint({ uses: 1 }),
    mint({}),
    mint({ uses: 2 }),
  ]);
  await store.revokeJoinToken(revoked.record.id, nowMs);
  nowMs += 1;

  const inside: Inside = {
    get store() {
      return store;
    },
    tokens: {
      good: good.joinToken,
      approval: approval.joinToken,
      expired: expired.joinToken,
      used: used.joinToken,
      revoked: revoked.joinToken,
      counted: counted.joinToken,
    },
    onAsk: (listener) => listeners.push(listener),
  };

  const handlers = (): Fetch =>
    createCloudlyHandlers({
      store,
      cloudlyId: CLOUDLY_ID,
      now,
      rotateNodeTokenAfterMs: 30 * DAY_MS,
      heartbeatIntervalMs: 60_000,
    }).fetch;
  let serve = handlers();
  const alterations = [rebind, cloneSuspicion(now), commandQueue, alter];
  const fetch = alterations.reduce<Fetch>(
    (next, put) => put(next, inside),
    (request) => serve(request),
  );

  const acts: Record<string, (about: Record<string, string>) => Promise<void> | void> = {
    approve: async ({ nodeId = '' }) => void (await approveNode(store, nodeId, { now })),
    revoke: async ({ nodeId = '' }) => void (await revokeNode(store, nodeId, { now })),
    unrevoke: ({ nodeId = '' }) => unrevoke(store, nodeId),
    rotate: () => void (nowMs += 31 * DAY_MS),
    backUp: async () => void (backup = await copyOf(store)),
    restore: async () => {
      store = await copyOf(backup);
      serve = handlers();
    },
  };
  const ask = (act: string) => async (about: Record<string, string>) => {
    for (const listener of listeners) listener(act, about);
    await acts[act]?.(about);
  };

  await serve(await registrationWith(used.joinToken));
  return {
    url: await listen(fetch),
    joinToken: good.joinToken,
    tokens: {
      approvalJoinToken: approval.joinToken,
      expiredJoinToken: expired.joinToken,
      usedJoinToken: used.joinToken,
      revokedJoinToken: revoked.joinToken,
      countedJoinToken: counted.joinToken,
    },
    operator: {
      approve: ask('approve'),
      revoke: ask('revoke'),
      unrevoke: ask('unrevoke'),
      rebind: ask('rebind'),
      rotate: ask('rotate'),
      queueCommand: ask('queueCommand'),
      cancelCommand: ask('cancelCommand'),
      resolveClone: ask('resolveClone'),
      backUp: ask('backUp'),
      restore: ask('restore'),
    },
    slow: true,
    wait: async (durationMs) => void (nowMs += durationMs),
  };
};

const unrevoke = async (store: FleetStore, nodeId: string): Promise<void> => {
  const { revokedAtMs: _lifted, ...node } = (await store.findNode(nodeId))?.node ?? {};
  if (isRecord(node)) await store.replaceNode(node);
};

const isRecord = (node: object): node is Parameters<FleetStore['replaceNode']>[0] => 'nodeId' in node;

/** What a backup keeps of a fleet: its join tokens and its nodes. */
const copyOf = async (store: FleetStore): Promise<FleetStore> => {
  const copy = createMemoryStore();
  for (const joinToken of await store.listJoinTokens()) await copy.addJoinToken({ ...joinToken, usedCount: 0 });
  for (const { node } of await store.listNodes({ limit: 10_000 })) await copy.createNode(node, 0);
  return copy;
};

const registrationWith = async (joinToken: string): Promise<Request> =>
  new Request(`http://localhost${endpoints.register.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${joinToken}` },
    body: JSON.stringify(createEmulatedNode().registration()),
  });

const listen = async (fetch: Fetch): Promise<string> => {
  const server = createServer((incoming, outgoing) => {
    // Who has hung up gets no answer.
    answer(fetch, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const answer = async (fetch: Fetch, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const { method = 'GET', url = '/', headers } = incoming;
  const body = method === 'GET' ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  const request = new Request(`http://127.0.0.1${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    body,
    duplex: 'half',
  });
  const response = await fetch(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
};
