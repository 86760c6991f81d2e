import { createNodeHttpFetch, type Transport } from './node-http-fetch.js';

/**
 * The leanest transport of the runtime: Node's HTTP client on Node, `fetch` on Deno and Bun, where it is built in and
 * costs less than their `node:http`.
 */
export function createTransport(): Transport {
  return runsOnNode() ? createNodeHttpFetch() : { fetch: globalThis.fetch, close: () => undefined };
}

function runsOnNode(): boolean {
  const { node, deno, bun } = process.versions;
  return (
    node !== undefined && deno === undefined && bun === undefined && typeof process.getBuiltinModule === 'function'
  );
}
