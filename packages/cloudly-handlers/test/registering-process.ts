// A Cloudly on the file that it is given: says that it is ready, then registers a new node for each join token that it is
// sent, one after the other, and tells how each was answered.
import { endpoints, parseProblem, type RegisterRequest } from '@serve.zone/baseos-contracts';
import { createCloudlyHandlers } from '../src/create-cloudly-handlers.js';
import { openSqliteStore } from '../src/sqlite.js';
import { runtimeStatus } from '../src/stores/suite/fixtures.js';

const [, , path = ''] = process.argv;
const store = openSqliteStore(path);
const handlers = createCloudlyHandlers({
  store,
  cloudlyId: await store.cloudlyId(),
  onError: (error) => void process.stderr.write(`${String(error)}\n`),
});

async function register(joinToken: string): Promise<string> {
  const registration: RegisterRequest = {
    protocol: 1,
    nodeId: crypto.randomUUID(),
    registrationKey: 'k'.repeat(43),
    bootId: crypto.randomUUID(),
    status: runtimeStatus('device'),
  };
  const response = await handlers.fetch(
    new Request(`https://cloudly.example${endpoints.register.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${joinToken}` },
      body: JSON.stringify(registration),
    }),
  );
  const problem = parseProblem(await response.text());
  return problem.ok ? `${response.status} ${problem.value.code}` : String(response.status);
}

async function registerEach(joinTokens: readonly string[]): Promise<void> {
  const outcomes: string[] = [];
  for (const joinToken of joinTokens) outcomes.push(await register(joinToken));
  process.send?.(outcomes);
}

process.on('message', (joinTokens: string[]) => void registerEach(joinTokens));
process.send?.('ready');
