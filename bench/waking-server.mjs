// A process in which nodes wait to be woken, started by waking.mjs: the handlers over a memory store, or a listener that holds
// the same requests and does nothing else. Says what it costs, and queues commands, when it is asked.
import { createServer } from 'node:http';
import process from 'node:process';
import { createCloudlyHandlers, createMemoryStore, queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { registerNodes } from './fill-fleet.mjs';

const nodeCount = Number(process.argv[2]);
const isBare = process.argv[3] === 'bare';

const store = createMemoryStore();
await registerNodes(
  store,
  Array.from({ length: nodeCount }, (_, number) => number),
);
const handlers = createCloudlyHandlers({
  store,
  cloudlyId: await store.cloudlyId(),
  requestsPerNodeMax: Number.MAX_SAFE_INTEGER,
  wakeWaitMs: 240_000,
  wakeConnectionsMax: nodeCount,
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
let bareCount = 0;

const answerAll = nodeListener(handlers.fetch);

/** Holds each request that waits, for good. */
function bare(request, response) {
  if (request.url.endsWith('/wake')) bareCount += 1;
  else void Promise.resolve(answerAll(request, response));
}

const answer = isBare ? bare : answerAll;
const server = createServer(answer);
server.keepAliveTimeout = 0;
server.listen({ port: 0, host: '127.0.0.1', backlog: nodeCount }, () => process.send({ port: server.address().port }));

async function memory() {
  for (let count = 0; count < 4; count += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

const answers = {
  memory,
  waiting: async () => ({ waiting: isBare ? bareCount : handlers.countWaiting() }),
  queue: async (nodeId) => ({ queued: (await queueCommand(store, nodeId, { kind: 'blink' })).outcome }),
};
process.on('message', ({ ask, nodeId }) => void answers[ask](nodeId).then((told) => process.send(told)));
process.on('disconnect', () => process.exit());
