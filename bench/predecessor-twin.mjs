// What BaseRunner replaces, as plainly as it can be written: `fetch`, one JSON file, five requests to the Supervisor a turn and a
// heartbeat with everything in it, in the protocol from before version 1. The measure beside it in idle-agent.mjs.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, freemem, hostname, loadavg, platform, totalmem, uptime } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';

const { BASEOS_CLOUDLY_URL, BASEOS_JOIN_TOKEN, BASEOS_STATE_PATH, BASEOS_HEARTBEAT_INTERVAL_MS } = process.env;
const { BASEOS_NODE_ID = randomUUID() } = process.env;
const { BALENA_SUPERVISOR_ADDRESS, BALENA_SUPERVISOR_API_KEY } = process.env;

const reads = ['/ping', '/v1/device', '/v2/state/status', '/v2/version', '/v2/device/name'];

async function readSupervisor(path) {
  try {
    const response = await fetch(`${BALENA_SUPERVISOR_ADDRESS}${path}`, {
      headers: { authorization: `Bearer ${BALENA_SUPERVISOR_API_KEY}` },
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    return response.ok && text.startsWith('{') ? JSON.parse(text) : text;
  } catch (error) {
    return { error: String(error) };
  }
}

async function collectStatus() {
  const [ping, device, state, version, name] = await Promise.all(reads.map(readSupervisor));
  return {
    agent: { name: 'predecessor', version: '0.1.0', uptimeSeconds: process.uptime(), memory: process.memoryUsage() },
    host: { hostname: hostname(), platform: platform(), arch: arch(), cpuCount: cpus().length },
    vitals: { memoryTotal: totalmem(), memoryFree: freemem(), load: loadavg(), uptimeSeconds: uptime() },
    supervisor: { ping, device, state, version, name },
  };
}

async function post(path, body, token) {
  const response = await fetch(`${BASEOS_CLOUDLY_URL}/baseos/v1/nodes/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

function readState() {
  if (existsSync(BASEOS_STATE_PATH)) return JSON.parse(readFileSync(BASEOS_STATE_PATH, 'utf8'));
  return { nodeId: BASEOS_NODE_ID };
}

let state = readState();

async function beat() {
  const status = await collectStatus();
  if (!state.nodeToken) {
    const { nodeToken } = await post('register', { nodeId: state.nodeId, status }, BASEOS_JOIN_TOKEN);
    state = { ...state, nodeToken };
    mkdirSync(dirname(BASEOS_STATE_PATH), { recursive: true });
    writeFileSync(BASEOS_STATE_PATH, JSON.stringify(state, null, 2));
  }
  await post('heartbeat', { nodeId: state.nodeId, status }, state.nodeToken);
}

process.on('SIGTERM', () => process.exit(0));
for (;;) {
  const startedMs = Date.now();
  try {
    await beat();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
  const restMs = Number(BASEOS_HEARTBEAT_INTERVAL_MS) - (Date.now() - startedMs);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, restMs)));
}
