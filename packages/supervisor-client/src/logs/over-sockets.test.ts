import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { exportOf } from '../../test/journal-export.js';
import { nodeHttpFetch } from '@serve.zone/baseos-testing/network/node-http-fetch';
import { serve } from '../../test/serve.js';
import { SupervisorClient, type SupervisorClientOptions } from '../index.js';
import { sleep } from '../waiting/sleep.js';
import { journalLogs } from './journal-logs.js';
import { localLogs } from './local-logs.js';

const clients: [string, (address: string) => SupervisorClient][] = [
  ['the default transport', (address) => open({ address })],
  ['a transport on node:http', (address) => open({ address, fetch: nodeHttpFetch })],
];

function open(options: SupervisorClientOptions): SupervisorClient {
  return new SupervisorClient({ apiKey: 'key', retry: false, ...options });
}

function entry(number: number) {
  return `${JSON.stringify({ __CURSOR: `i=${number}`, __REALTIME_TIMESTAMP: String(1_795_000_000_000_000 + number), MESSAGE: `line ${number}` })}\n`;
}

describe.each(clients)('over %s', (_name, connect) => {
  test('leaving the loop closes the connection', async () => {
    const closings: Promise<unknown>[] = [];
    await using supervisor = await serve((_request, response) => {
      closings.push(once(response, 'close'));
      response.write('one\ntwo\n');
    });
    for await (const line of journalLogs(connect(supervisor.address), { follow: true })) {
      expect(line).toBe('one');
      break;
    }
    await closings[0];
    expect(closings).toHaveLength(1);
  });

  test('an abort ends the wait for the next line with its reason, and closes the connection', async () => {
    const closings: Promise<unknown>[] = [];
    await using supervisor = await serve((_request, response) => {
      closings.push(once(response, 'close'));
      response.write('{"message":"Streaming logs","isSystem":true}\n');
    });
    const controller = new AbortController();
    const next = localLogs(connect(supervisor.address), { signal: controller.signal }).next();
    await once(supervisor.server, 'request');
    controller.abort('enough');
    await expect(next).rejects.toBe('enough');
    await closings[0];
    expect(closings).toHaveLength(1);
  });

  test('a journal in the export format continues after an interruption in the middle of an entry, each entry once', async () => {
    const exported = (number: number) => [
      ['__CURSOR', `i=${number}`] as const,
      ['__REALTIME_TIMESTAMP', String(1_795_000_000_000_000 + number)] as const,
      ['MESSAGE', `line ${number}\nand more`] as const,
      ['PRIORITY', '6'] as const,
    ];
    const asked: unknown[] = [];
    await using supervisor = await serve((request, response) => {
      request.on('data', (body) => asked.push(JSON.parse(String(body))));
      request.on('end', () => {
        const isFirst = asked.length === 1;
        const bytes = exportOf((isFirst ? [1, 2, 3] : [2, 3, 4]).map(exported));
        response.write(isFirst ? bytes.subarray(0, -20) : bytes, () => isFirst && response.destroy());
      });
    });
    const reconnect = { firstWaitMs: 1 };
    const seen: unknown[] = [];
    for await (const journal of journalLogs(connect(supervisor.address), { format: 'json', follow: true, reconnect })) {
      const { message, cursor, timestampMs, priority } = journal;
      seen.push({ message, cursor, timestampMs, priority });
      if (cursor === 'i=4') break;
    }
    expect(seen).toEqual(
      [1, 2, 3, 4].map((number) => ({
        message: `line ${number}\nand more`,
        cursor: `i=${number}`,
        timestampMs: 1_795_000_000_000,
        priority: 6,
      })),
    );
    expect(asked).toMatchObject([{ format: 'json' }, { format: 'json', count: 1024 }]);
  });

  test('a reader that does not read slows the Supervisor down', async () => {
    const server = { written: 0 };
    await using supervisor = await serve((_request, response) => {
      const chunk = `${'x'.repeat(1023)}\n`.repeat(64);
      const pour = () => {
        let isAccepted = !response.destroyed;
        while (isAccepted) {
          isAccepted = response.write(chunk);
          server.written += chunk.length;
        }
      };
      response.on('drain', pour);
      pour();
    });
    const lines = journalLogs(connect(supervisor.address), { follow: true });
    await lines.next();
    // Every buffer on the way is full when nothing more is taken between two looks.
    let heldAt = -1;
    while (heldAt !== server.written) {
      heldAt = server.written;
      await sleep(100, undefined);
    }
    while (server.written === heldAt) await lines.next();
    await lines.return();
    expect(heldAt).toBeLessThan(32 * 1024 * 1024);
  });

  test('a rejected key is an error, even with reconnection', async () => {
    await using supervisor = await serve((_request, response) => {
      response.writeHead(401, { 'Content-Type': 'text/plain' });
      response.end('Unauthorized');
    });
    const entries = journalLogs(connect(supervisor.address), { format: 'json', follow: true, reconnect: true });
    await expect(entries.next()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('a reader of the journal survives a restart of the Supervisor, and neither misses nor duplicates anything', async () => {
    const journal = [1, 2, 3];
    const asked: [follow: boolean | undefined, count: number | undefined][] = [];
    const streams: ServerResponse[] = [];
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { follow, count = 10 } = (await bodyOf(request)) as { follow?: boolean; count?: number };
      asked.push([follow, count]);
      for (const number of journal.slice(-count)) response.write(entry(number));
      if (follow === true) streams.push(response);
      else response.end();
    };
    const first = await listen(answer);
    const { port } = first.address() as AddressInfo;
    const reconnect = {
      firstWaitMs: 10,
      longestWaitMs: 20,
      // The Supervisor comes back when the reader has been refused twice.
      onDisconnect: ({ failures }: { failures: number }) => {
        if (failures !== 3) return;
        journal.push(4, 5);
        void listen(answer, port).then((server) => servers.push(server));
      },
    };
    const servers = [first];
    const seen: string[] = [];
    const supervisor = connect(`http://127.0.0.1:${port}`);
    for await (const { message } of journalLogs(supervisor, { format: 'json', follow: true, reconnect })) {
      seen.push(message);
      if (message === 'line 3') {
        first.close();
        streams.forEach((response) => response.socket?.resetAndDestroy());
      }
      if (message === 'line 5') break;
    }
    expect(seen).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
    expect(asked.slice(0, 2)).toEqual([
      [true, 10],
      [false, 1024],
    ]);
    servers.forEach((server) => server.close());
  });
});

async function listen(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port = 0,
): Promise<Server> {
  const server = createServer((request, response) => void listener(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}
