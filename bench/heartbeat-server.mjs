// A process that answers heartbeats, started by cloudly-heartbeats.mjs: the handlers over a store with so many nodes in it, or
// a bare node:http server that reads the body, parses it and answers as much. Tells what it costs when it is asked.
import { join } from 'node:path';
import process from 'node:process';
import { createCloudlyHandlers, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { fillPostgres, fillSqlite, registerNodes } from './fill-fleet.mjs';
import { serveHeartbeats } from './serve-heartbeats.mjs';

const [, , kind, knownText, place] = process.argv;

const openStores = {
  memory: async (count) => {
    const store = createMemoryStore();
    await registerNodes(
      store,
      Array.from({ length: count }, (_, number) => number),
    );
    return store;
  },
  sqlite: async (count) => {
    const path = join(place, 'fleet.sqlite');
    await fillSqlite(path, count);
    return openSqliteStore(path);
  },
  postgres: async (count) => {
    const schema = `known_${count}`;
    await fillPostgres(place, schema, count);
    return openPostgresStore(place, { schema });
  },
};

async function cloudly() {
  const store = await openStores[kind](Number(knownText));
  const handlers = createCloudlyHandlers({
    store,
    cloudlyId: await store.cloudlyId(),
    requestsPerNodeMax: Number.MAX_SAFE_INTEGER,
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  return nodeListener(handlers.fetch);
}

function bare() {
  const answer = JSON.stringify({
    protocol: 1,
    cloudlyId: '00000000-0000-4000-8000-000000000000',
    serverTime: new Date().toISOString(),
    accepted: true,
  });
  const headers = { 'content-type': 'application/json', 'content-length': answer.length };
  return (request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      response.writeHead(200, headers).end(answer);
    });
  };
}

serveHeartbeats(kind === 'bare' ? bare() : await cloudly());
