// A process in which nodes wait to be woken, started by waking.mjs: the handlers over a memory store, or a listener that holds
// the same requests and does nothing else. Says what it costs, and queues commands, when it is asked.
import { createServer } from 'node:http';
import process from 'node:process';
import {
  createCloudlyHandlers,
  createJoinToken,
  createMemoryStore,
  queueCommand,
} from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { nodeOf, status, statusHash, tokenRecordOf } from './heartbeat-node.mjs';

const nodeCount = Number(process.argv[2]);
const isBare = process.argv[3] === 'bare';

async function fill(store) {
  const { record } = await createJoinToken(store, { uses: nodeCount });
  const nowMs = Date.now();
  for (let number = 0; number < nodeCount; number += 1) {
    const node = nodeOf(number);
    const { nodeId, bootId } = node;
    const common = { revision: 1, registrationKeyHash: nodeId, approvalCode: 'ABCD1234', joinTokenId: record.id };
    const times = { registeredAtMs: nowMs, approvedAtMs: nowMs, currentToken: tokenRecordOf(node) };
    await store.createNode({ nodeId, ...common, ...times, bootId, supersededBoots: [] }, nowMs);
    await store.saveReport(nodeId, { bootId, sequence: 0, receivedAtMs: nowMs, status, statusHash });
  }
}

const store = createMemoryStore();
await fill(store);
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
  else answerAll(request, response);
}

const answer = isBare ? bare : answerAll;
const server = createServer((request, response) => void answer(request, response));
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
