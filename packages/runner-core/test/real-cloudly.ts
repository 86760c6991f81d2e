import { createServer, type IncomingMessage } from 'node:http';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import {
  type HandlerEvent,
  type CloudlyHandlersOptions,
  createCloudlyHandlers,
  createMemoryStore,
  type NodeStore,
} from '@serve.zone/baseos-cloudly-handlers';
import { endpoints } from '@serve.zone/baseos-contracts';
import { type Exchange, offContract } from './off-contract.js';

export interface RealCloudly {
  url: string;
  store: NodeStore;
  events: HandlerEvent[];
  /** The POST requests of its nodes, and its answers. */
  exchanges: Exchange[];
  /** @throws Error when a node or Cloudly wrote something that the strict JSON Schemas do not allow. */
  close(): Promise<void>;
}

/** The handlers that Cloudly is made of, on a socket. */
export async function listenAsCloudly(options: Partial<CloudlyHandlersOptions> = {}): Promise<RealCloudly> {
  const store = createMemoryStore();
  const events: HandlerEvent[] = [];
  const exchanges: Exchange[] = [];
  const handlers = createCloudlyHandlers({
    store,
    cloudlyId: await store.cloudlyId(),
    onHandled: (event) => void events.push(event),
    ...options,
  });
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const request = await textOf(incoming);
      const answer = await handlers.fetch(toRequest(incoming, request));
      const text = await answer.text();
      if (incoming.method === 'POST') {
        const endpoint = incoming.url === endpoints.register.path ? 'register' : 'heartbeat';
        exchanges.push({ endpoint, request, status: answer.status, answer: text });
      }
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(text);
    })();
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    store,
    events,
    exchanges,
    close: async () => {
      await close();
      const faults = exchanges.flatMap(offContract);
      if (faults.length > 0) throw new Error(`This is off the contract: ${JSON.stringify(faults, null, 2)}`);
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function toRequest(incoming: IncomingMessage, body: string): Request {
  return new Request(`http://cloudly${incoming.url ?? '/'}`, {
    method: incoming.method ?? 'GET',
    headers: Object.entries(incoming.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
    ...(body !== '' && { body }),
  });
}
