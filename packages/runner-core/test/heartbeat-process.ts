// Runs an agent by an injected transport until its first heartbeat, then tells which modules Node has loaded for it.
import { BaseRunner } from '../src/index.js';

const serverTime = new Date().toISOString();
const answer = { protocol: 1, cloudlyId: 'cloudly-1', serverTime, accepted: true };

let heartbeats = 0;

async function fetch(url: string, { body = '{}' }: { body?: string }) {
  heartbeats += Number(url.endsWith('/heartbeat'));
  const { nodeId } = JSON.parse(body) as { nodeId: string };
  const text = JSON.stringify({ ...answer, nodeId, nodeToken: 'token' });
  return {
    status: 200,
    headers: { get: (name: string) => (name.toLowerCase() === 'content-type' ? 'application/json' : null) },
    body: (async function* () {
      yield new TextEncoder().encode(text);
    })(),
  };
}

async function refusing() {
  return Promise.reject(new Error('no Supervisor here'));
}

const runner = BaseRunner.fromEnv(process.env, { fetch, supervisorFetch: refusing });
await runner.start();
while (runner.status().cloudly.heartbeatsAcknowledged === 0) {
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}
await runner.stop();
const { moduleLoadList } = process as typeof process & { moduleLoadList: readonly string[] };
process.stdout.write(JSON.stringify({ heartbeats, undici: moduleLoadList.filter((name) => name.includes('undici')) }));
