// What an example's program imports in the place of the handlers when the conformance kit is run against it: the handlers, with
// a clock that is set and a store that is reached from outside, as an operator's tools reach it. Runs on Node, Bun and Deno.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type * as Package from '@serve.zone/baseos-cloudly-handlers';

const built = new URL('../../../../packages/cloudly-handlers/dist/index.js', import.meta.url).href;
const real = (await import(built)) as typeof Package;

let nowMs = Date.now();

function now(): number {
  return nowMs;
}

let store = real.createMemoryStore();
let makeHandlers = (): Package.CloudlyHandlers => {
  throw new Error('The program has made no handlers yet');
};
let handlers: Package.CloudlyHandlers;

export function createMemoryStore(): Package.NodeStore {
  return store;
}

export function createCloudlyHandlers(options: Package.CloudlyHandlersOptions): Package.CloudlyHandlers {
  makeHandlers = () => real.createCloudlyHandlers({ ...options, store, now, heartbeatIntervalMs: 60_000 });
  handlers = makeHandlers();
  return { ...handlers, fetch: (request, info) => handlers.fetch(request, info) };
}

export const { createJoinToken } = real;

const operations: Record<string, (...parameters: never[]) => unknown> = {
  setClock: (toMs: number) => void (nowMs = toMs),
  /** An empty store, and handlers that know nothing of the one before. */
  startAnew: () => {
    store = real.createMemoryStore();
    handlers = makeHandlers();
  },
  store: (method: keyof Package.NodeStore, ...parameters: never[]) =>
    (store[method] as (...given: never[]) => unknown)(...parameters),
};

const operator = createServer((incoming, outgoing) => {
  const perform = async (): Promise<void> => {
    const [name, ...parameters] = JSON.parse(await text(incoming)) as [string, ...never[]];
    outgoing.end(JSON.stringify({ result: await operations[name]?.(...parameters) }));
  };
  perform().catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
});
operator.listen(0, '127.0.0.1', () => {
  const address = operator.address();
  console.log(`OPERATOR=${typeof address === 'object' ? address?.port : address}`);
});
