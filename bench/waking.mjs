// What waking costs Cloudly, and how soon a command arrives: nodes that wait on one process, over a memory store, on loopback.
// The memory is that of the same connections before and while they wait, beside a listener that holds the same requests and does
// nothing else. A woken node sends its heartbeat at random within a second, as an agent does. Exits with 1 above a second at the
// median, or above 8 KB of heap for a waiting node, what Node itself needs for a request included.
//
//   node bench/waking.mjs [--nodes 2000] [--commands 50]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { heartbeatOf, nodeOf } from './heartbeat-node.mjs';
import { quantile } from './statistics.mjs';

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '2000' }, commands: { type: 'string', default: '50' } },
});
const nodeCount = Number(values.nodes);
const commandCount = Number(values.commands);
const WITHIN_MS = 1000;
const WAITING_MAX_BYTES = 8 * 1024;
const AT_A_TIME = 100;

async function startServer(kind) {
  const server = fork(fileURLToPath(new URL('waking-server.mjs', import.meta.url)), [String(nodeCount), kind], {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  const [{ port }] = await once(server, 'message');
  const ask = async (question) => {
    server.send(question);
    const [answer] = await once(server, 'message');
    return answer;
  };
  return { port, ask, send: (question) => server.send(question), end: () => server.disconnect() };
}

/** A node with a connection that it waits on, and one for its heartbeats. */
function connect(number, port) {
  const node = nodeOf(number);
  const [waits, heartbeats] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
  const send = (agent, method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${node.nodeToken}`,
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece) => (text += piece));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      outgoing.on('error', reject).end(body);
    });
  return {
    nodeId: node.nodeId,
    /** Opens the connection, which is idle afterwards. */
    touch: () => send(waits, 'GET', '/baseos/v1/nodes/heartbeat'),
    wait: () => send(waits, 'GET', '/baseos/v1/nodes/wake'),
    beat: (sequence) => send(heartbeats, 'POST', '/baseos/v1/nodes/heartbeat', heartbeatOf(node, sequence)),
    end: () => {
      waits.destroy();
      heartbeats.destroy();
    },
  };
}

async function inTurns(items, work) {
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    await Promise.all(items.slice(start, start + AT_A_TIME).map(work));
  }
}

function perNode(before, after, count) {
  const bytes = ({ heapUsed, external }) => heapUsed + external;
  return { heap: (bytes(after) - bytes(before)) / count, rss: (after.rss - before.rss) / count };
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** What each connection costs while it is idle, and what a request that waits on it adds; the nodes wait when it resolves. */
async function measure(server) {
  const nodes = Array.from({ length: nodeCount }, (_, number) => connect(number, server.port));
  // What is made once, with the first of each request.
  const first = connect(0, server.port);
  await first.touch();
  await first.beat(1);
  first.end();

  const none = await server.ask({ ask: 'memory' });
  await inTurns(nodes, (node) => node.touch());
  const idle = await server.ask({ ask: 'memory' });
  const answers = nodes.map((node) => node.wait());
  // Those of a server that ends are of no interest.
  for (const answer of answers) answer.catch(() => undefined);
  for (let waiting = 0; waiting < nodeCount;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    ({ waiting } = await server.ask({ ask: 'waiting' }));
  }
  const held = await server.ask({ ask: 'memory' });
  return {
    nodes,
    answers,
    connection: perNode(none, idle, nodeCount),
    wait: perNode(idle, held, nodeCount),
    end: () => {
      for (const node of nodes) node.end();
      server.end();
    },
  };
}

const bareServer = await startServer('bare');
const bare = await measure(bareServer);
bare.end();
const server = await startServer('handlers');
const { nodes, answers, connection, wait, end } = await measure(server);
const own = wait.heap - bare.wait.heap;
say(`${nodeCount} nodes on one process, memory for each:`);
say(`  an idle connection                   ${kilobytes(connection.heap)} heap, ${kilobytes(connection.rss)} resident`);
say(`  a request that is held on it, alone  ${kilobytes(bare.wait.heap)} heap`);
say(`  a node that waits by it              ${kilobytes(wait.heap)} heap, ${kilobytes(wait.rss)} resident`);
say(`  of which is the handlers' own        ${kilobytes(own)} heap`);

const latencies = [];
const rings = [];
for (let count = 0; count < commandCount; count += 1) {
  const number = Math.floor((count * nodeCount) / commandCount);
  const node = nodes[number];
  const queuedAtMs = performance.now();
  server.send({ ask: 'queue', nodeId: node.nodeId });
  const { status, text } = await answers[number];
  if (status !== 200 || JSON.parse(text).wake !== true) {
    throw new Error(`${node.nodeId} was not woken: ${status} ${text}`);
  }
  rings.push(performance.now() - queuedAtMs);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 1000));
  const heartbeat = await node.beat(2);
  if (!heartbeat.text.includes('"blink"')) throw new Error(`${node.nodeId} was not given its command`);
  latencies.push(performance.now() - queuedAtMs);
}
const median = quantile(latencies, 0.5);
say(`From the command to the node, ${commandCount} times:`);
say(`  woken       median ${quantile(rings, 0.5).toFixed(1)} ms, 99 % ${quantile(rings, 0.99).toFixed(1)} ms`);
say(`  it has it   median ${median.toFixed(0)} ms, 99 % ${quantile(latencies, 0.99).toFixed(0)} ms`);

end();
process.exitCode = median < WITHIN_MS && wait.heap <= WAITING_MAX_BYTES ? 0 : 1;
