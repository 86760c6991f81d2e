import { createServer, request } from 'node:http';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';

export interface AlternatingProxy {
  url: string;
  /** How many requests each server has answered. */
  answered: readonly number[];
  close(): Promise<void>;
}

/** One address for several servers: each request goes to the next of them, on any connection. */
export async function startAlternatingProxy(urls: readonly string[]): Promise<AlternatingProxy> {
  const answered = urls.map(() => 0);
  let turn = 0;
  const proxy = createServer((incoming, outgoing) => {
    const index = (turn += 1) % urls.length;
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', urls[index]), { method, headers }, (response) => {
      answered[index] = (answered[index] ?? 0) + 1;
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    // As if nothing listened here.
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const { port, close } = await listenOnLoopback(proxy);
  return { url: `http://127.0.0.1:${port}`, answered, close };
}
