import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CloudlyEvent,
  type CloudlyHandlersOptions,
  createCloudlyHandlers,
  createMemoryStore,
  type FleetStore,
} from '@serve.zone/baseos-cloudly-handlers';

export interface RealCloudly {
  url: string;
  store: FleetStore;
  events: CloudlyEvent[];
  close(): Promise<void>;
}

/** The handlers that Cloudly is made of, on a socket. */
export const listenAsCloudly = async (options: Partial<CloudlyHandlersOptions> = {}): Promise<RealCloudly> => {
  const store = createMemoryStore();
  const events: CloudlyEvent[] = [];
  const handlers = createCloudlyHandlers({
    store,
    cloudlyId: await store.cloudlyId(),
    onEvent: (event) => void events.push(event),
    ...options,
  });
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const answer = await handlers.fetch(await toRequest(incoming));
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    store,
    events,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

const toRequest = async (incoming: IncomingMessage): Promise<Request> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return new Request(`http://cloudly${incoming.url ?? '/'}`, {
    method: incoming.method ?? 'GET',
    headers: Object.entries(incoming.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
};
