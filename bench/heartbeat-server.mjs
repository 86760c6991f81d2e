// A process that answers heartbeats, started by cloudly-heartbeats.mjs: the handlers over a store with so many nodes in it, or
// a bare node:http server that reads the body, parses it and answers as much. Tells what it costs when it is asked.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { nodeOf, status, statusHash, tokenRecordOf } from './heartbeat-node.mjs';

const [, , kind, knownText, place] = process.argv;

/** So many registrations at a time. */
const FILLING = 64;

/** Each in turn, so many at a time. */
async function forEachNode(count, atATime, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(nodeOf(next++));
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

async function fill(store, count) {
  const { record } = await createJoinToken(store, { uses: count });
  const nowMs = Date.now();
  await forEachNode(count, FILLING, async (node) => {
    const { nodeId, bootId } = node;
    const common = { revision: 1, registrationKeyHash: nodeId, approvalCode: 'ABCD1234', joinTokenId: record.id };
    const times = { registeredAtMs: nowMs, approvedAtMs: nowMs, currentToken: tokenRecordOf(node) };
    const boots = { bootId, supersededBoots: [] };
    const outcome = await store.createNode({ nodeId, ...common, ...times, ...boots }, nowMs);
    if (outcome !== 'created') throw new Error(`${nodeId} was not made: ${outcome}`);
  });
  await forEachNode(count, 500, ({ nodeId, bootId }) =>
    store.saveReport(nodeId, { bootId, sequence: 0, receivedAtMs: nowMs, status, statusHash }),
  );
}

const openStores = {
  memory: async (count) => {
    const store = createMemoryStore();
    await fill(store, count);
    return store;
  },
  // A hundred thousand registrations would wait for the disk a hundred thousand times: they are made where nothing does.
  sqlite: async (count) => {
    const file = join(mkdtempSync('/dev/shm/baseos-bench-'), 'fleet.sqlite');
    const filled = openSqliteStore(file);
    await fill(filled, count);
    filled.close();
    const path = join(place, 'fleet.sqlite');
    copyFileSync(file, path);
    rmSync(dirname(file), { recursive: true });
    return openSqliteStore(path);
  },
  postgres: async (count) => {
    const schema = `known_${count}`;
    // Who waits for the disk at the same time waits once.
    const filled = await openPostgresStore(place, { schema, maxConnections: FILLING });
    await fill(filled, count);
    await filled.close();
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

const answer = kind === 'bare' ? bare() : await cloudly();
const server = createServer((request, response) => {
  void Promise.resolve(answer(request, response));
});
// The pace leaves some connections idle for longer than Node keeps them.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
