import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import {
  type CloudlyHandlersOptions,
  createCloudlyHandlers,
  createMemoryStore,
  type NodeStore,
} from '@serve.zone/baseos-cloudly-handlers';
import { onTestFinished } from 'vitest';
import { sendDirectly } from './send-directly.js';
import type { ConformanceOptions } from '../src/run/run-conformance.js';
import { copyFleet } from './copy-fleet.js';
import { createJoinTokens } from './join-tokens.js';
import { operatorOf } from './operator-of.js';
import { type Alter, CLOUDLY_ID, type Fetch, type Inside } from './alteration.js';

const DAY_MS = 24 * 3_600_000;

/** {@link openCloudly} on a socket. */
export async function startCloudly(...[alter, options]: Parameters<typeof openCloudly>): Promise<ConformanceOptions> {
  const { fetch, ...given } = await openCloudly(alter, options);
  return { ...given, url: await listen(fetch) };
}

/** {@link openCloudly} within this process. */
export async function cloudlyAtHand(...[alter, options]: Parameters<typeof openCloudly>): Promise<ConformanceOptions> {
  const { fetch, ...given } = await openCloudly(alter, options);
  return { ...given, url: 'http://cloudly.test', sendAndRead: sendDirectly(fetch) };
}

/**
 * A Cloudly that keeps the whole contract, with everything that the kit can be given, and with a clock that does what it is
 * told. `alter` puts a fault into it, `options` go to the handlers.
 */
async function openCloudly(
  alter: Alter = (next) => next,
  options: Partial<CloudlyHandlersOptions> = {},
): Promise<Omit<ConformanceOptions, 'url'> & { fetch: Fetch }> {
  let nowMs = Date.now() - DAY_MS;
  const now = (): number => nowMs;
  let store: NodeStore = createMemoryStore();
  let backup = store;
  const listeners: Parameters<Inside['onAsk']>[0][] = [];

  const handlers = (): Fetch =>
    createCloudlyHandlers({
      store,
      cloudlyId: CLOUDLY_ID,
      now,
      heartbeatIntervalMs: 60_000,
      requestsPerNodeMax: Infinity,
      wakeWaitMs: 30_000,
      ...options,
    }).fetch;
  let serve = handlers();
  const pass = async (durationMs: number): Promise<void> => void (nowMs += durationMs);
  // A faulty Cloudly may let in more nodes than the kit asks for.
  const uses = { good: 1000, approval: 1000 };
  const { joinToken, tokens } = await createJoinTokens(store, { now, pass, serve, uses });

  const inside: Inside = {
    get store() {
      return store;
    },
    tokens: {
      good: joinToken,
      approval: tokens.approvalJoinToken,
      expired: tokens.expiredJoinToken,
      used: tokens.usedJoinToken,
      revoked: tokens.revokedJoinToken,
      counted: tokens.countedJoinToken,
    },
    onAsk: (listener) => listeners.push(listener),
  };

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

  return {
    fetch,
    joinToken,
    tokens,
    operator: Object.fromEntries(observed),
    slow: true,
    wait: pass,
  };
}

async function copyOf(store: NodeStore): Promise<NodeStore> {
  const copy = createMemoryStore();
  await copyFleet(store, copy);
  return copy;
}

async function listen(fetch: Fetch): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    // Who has hung up gets no answer.
    answer(fetch, incoming, outgoing).catch(() => outgoing.destroy());
  });
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return `http://127.0.0.1:${port}`;
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
