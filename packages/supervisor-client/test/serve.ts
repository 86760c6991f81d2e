import { createServer, type RequestListener, type Server } from 'node:http';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';

export interface Served {
  address: string;
  server: Server;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An HTTP server on loopback, which ends with all its sockets at the end of the block that holds it. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  const { port, close } = await listenOnLoopback(server);
  return { address: `http://127.0.0.1:${port}`, server, [Symbol.asyncDispose]: close };
}

/** An address where nothing listens: the port was free a moment ago. */
export async function refusingAddress(): Promise<string> {
  const served = await serve(() => {});
  await served[Symbol.asyncDispose]();
  return served.address;
}
