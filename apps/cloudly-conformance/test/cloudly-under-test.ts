import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  type CloudlyHandlersOptions,
  createCloudlyHandlers,
  createJoinToken,
  createMemoryStore,
  type FleetStore,
} from '@serve.zone/baseos-cloudly-handlers';
import { endpoints } from '@serve.zone/baseos-contracts';
import { onTestFinished } from 'vitest';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { ConformanceOptions } from '../src/run/run-conformance.js';
import { operatorOf } from './operator-of.js';
import { type Alter, CLOUDLY_ID, type Fetch, type Inside } from './alteration.js';

const DAY_MS = 24 * 3_600_000;

/**
 * A Cloudly on a socket that keeps the whole contract, with everything that the kit can be given, and with a clock that
 * does what it is told. `alter` puts a fault into it, `options` go to the handlers.
 */
export async function startCloudly(
  alter: Alter = (next) => next,
  options: Partial<CloudlyHandlersOptions> = {},
): Promise<ConformanceOptions> {
  let nowMs = Date.now() - DAY_MS;
  const now = (): number => nowMs;
  let store = createMemoryStore();
  let backup = store;
  const listeners: Parameters<Inside['onAsk']>[0][] = [];

  const mint = async (particulars: Parameters<typeof createJoinToken>[1]) =>
    await createJoinToken(store, { uses: 1000, expiresInMs: 10_000 * DAY_MS, now, ...particulars });
  const [good, approval, expired, used, revoked, counted] = await Promise.all([
    mint({}),
    mint({ requiresApproval: true }),
    mint({ expiresInMs: 1 }),
    mint({ uses: 1, expiresInMs: DAY_MS }),
    mint({ uses: 1, expiresInMs: DAY_MS }),
    mint({ uses: 2 }),
  ]);
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
      heartbeatIntervalMs: 60_000,
      requestsPerNodeMax: Infinity,
      ...options,
    }).fetch;
  let serve = handlers();
  const fetch = alter((request) => serve(request), inside);

  const operator: Required<NonNullable<ConformanceOptions['operator']>> = {
    ...operatorOf(() => store, now),
    backUp: async () => void (backup = await copyOf(store)),
    restore: async () => {
      store = await copyOf(backup);
      serve = handlers();
    },
  };
  const observed = Object.entries(operator).map(([act, perform]) => {
    const observe = (about: Record<string, string>): Promise<unknown> => {
      for (const listener of listeners) listener(act, about);
      return perform(about);
    };
    return [act, observe];
  });

  for (const { joinToken } of [used, revoked]) await serve(await registrationWith(joinToken));
  await store.revokeJoinToken(revoked.record.id, nowMs);
  nowMs += DAY_MS;
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
    operator: Object.fromEntries(observed),
    slow: true,
    wait: async (durationMs) => void (nowMs += durationMs),
  };
}

/** What a backup keeps of a fleet: its join tokens and its nodes. */
async function copyOf(store: FleetStore): Promise<FleetStore> {
  const copy = createMemoryStore();
  for (const joinToken of await store.listJoinTokens()) await copy.addJoinToken({ ...joinToken, usedCount: 0 });
  for (const { node } of await store.listNodes({ limit: 10_000 })) await copy.createNode(node, 0);
  return copy;
}

async function registrationWith(joinToken: string): Promise<Request> {
  return new Request(`http://localhost${endpoints.register.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${joinToken}` },
    body: JSON.stringify(createEmulatedNode().registration()),
  });
}

async function listen(fetch: Fetch): Promise<string> {
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
}

async function answer(fetch: Fetch, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
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
}
