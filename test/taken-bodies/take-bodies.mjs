// Takes the body of a request in every way before the handlers get it, in the server of the runtime that runs this, and prints
// what came of each way.
import { createServer } from 'node:http';
import process from 'node:process';
import { createCloudlyHandlers, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';

const ways = {
  'left alone': () => undefined,
  'read as a copy': (request) => request.clone().text(),
  read: (request) => request.text(),
  'read in part': async ({ body }) => {
    const reader = body.getReader();
    await reader.read();
    reader.releaseLock();
  },
  'read in part, by a loop': async ({ body }) => {
    for await (const piece of body) if (piece) break;
  },
  'being read': ({ body }) => void body.getReader(),
  'split in two': ({ body }) => void body.tee(),
  'piped away': ({ body }) => body.pipeTo(new WritableStream()),
  cancelled: ({ body }) => body.cancel(),
};

const outcomes = {};
for (const [way, take] of Object.entries(ways)) {
  const errors = [];
  const handlers = createCloudlyHandlers({
    store: createMemoryStore(),
    cloudlyId: 'cloudly',
    onError: (error) => errors.push(error.message),
  });
  const server = await serve(async (request) => {
    await take(request);
    return handlers.fetch(request);
  });
  const response = await fetch(`http://127.0.0.1:${server.port}/baseos/v1/nodes/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"protocol":7}',
  });
  const { code } = await response.json();
  outcomes[way] = { code, errors };
  await server.stop();
}
process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));

/** By what the runtime has of its own. */
async function serve(fetch) {
  const options = { port: 0, hostname: '127.0.0.1' };
  if ('Bun' in globalThis) {
    const server = globalThis.Bun.serve({ ...options, fetch });
    return { port: server.port, stop: () => server.stop(true) };
  }
  if ('Deno' in globalThis) {
    const server = globalThis.Deno.serve({ ...options, onListen: () => undefined }, (request) => fetch(request));
    return { port: server.addr.port, stop: () => server.shutdown() };
  }
  const server = createServer(nodeListener(fetch));
  await new Promise((resolve) => server.listen(options.port, options.hostname, resolve));
  return { port: server.address().port, stop: () => server.closeAllConnections() };
}
