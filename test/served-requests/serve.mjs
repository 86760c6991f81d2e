import { createServer } from 'node:http';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';

/** By what the runtime has of its own. */
export async function serve(fetch) {
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
