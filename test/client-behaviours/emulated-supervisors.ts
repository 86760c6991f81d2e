import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createSupervisor, type ListeningSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';

interface Emulated {
  supervisor: Supervisor;
  listening: ListeningSupervisor;
}

/** Emulated Supervisors for programs of other runtimes: made, and brought into a state, over HTTP. */
export interface EmulatedSupervisors {
  url: string;
  close(): Promise<void>;
}

/** How much faster than the system's the clock of an emulated device runs, so that nobody waits for an update. */
const pace = 20;

/** How often a condition is looked at that nothing tells of. */
const lookAgainMs = 10;

export async function serveEmulatedSupervisors(): Promise<EmulatedSupervisors> {
  const emulated: Emulated[] = [];
  const connections = trackConnections();

  const work = async (path: string, given: unknown): Promise<unknown> => {
    const [, id = '', task, name = ''] = path.split('/');
    if (id === '') return make(emulated, given as object);
    const { supervisor, listening } = emulated[Number(id)] as Emulated;
    switch (task) {
      case 'control': {
        const control = supervisor[name as keyof Supervisor] as (...given: unknown[]) => unknown;
        return (await control(...(given as unknown[]))) ?? null;
      }
      case 'requests-of':
        return supervisor.requests.filter(({ method }) => method === given).length;
      case 'until-requested':
        return until(() => supervisor.requests.some((request) => request.path === given));
      case 'until-unconnected':
        return until(() => connections.to(listening.address) === 0);
      default:
        throw new Error(`There is no ${path}.`);
    }
  };

  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    readJson(request)
      .then(async (given) => work(request.url ?? '/', given))
      .then(
        (result) => answer(200, { result: result ?? null }),
        (error: unknown) => answer(500, { message: String(error) }),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      connections.stop();
      server.closeAllConnections();
      server.close();
      await Promise.all(emulated.map(async ({ listening }) => listening.close()));
    },
  };
}

async function make(emulated: Emulated[], options: object): Promise<object> {
  const supervisor = createSupervisor({ relay: false, clock: fastClock(), ...options });
  const listening = await supervisor.listen();
  emulated.push({ supervisor, listening });
  return { id: emulated.length - 1, address: listening.address, apiKey: supervisor.apiKey };
}

function fastClock() {
  const startedMs = Date.now();
  return {
    now: () => startedMs + (Date.now() - startedMs) * pace,
    sleep: async (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, ms / pace);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(new Error('The wait was given up.'));
        });
      }),
  };
}

/** Counts the connections that are open to each server of this process. */
function trackConnections() {
  const open = new Map<number, number>();
  const count = (port: number, change: number) => open.set(port, (open.get(port) ?? 0) + change);
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    const port = socket.localPort ?? 0;
    count(port, 1);
    socket.once('close', () => count(port, -1));
  };
  subscribe('net.server.socket', onSocket);
  return {
    to: (address: string) => open.get(Number(new URL(address).port)) ?? 0,
    stop: () => unsubscribe('net.server.socket', onSocket),
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => {
      setTimeout(resolve, lookAgainMs);
    });
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}
