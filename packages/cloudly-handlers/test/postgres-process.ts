// A process of Cloudly on a PostgreSQL server: carries out what it is asked to by messages, on the fleets of that server,
// and tells how each call ended.
import { createCloudlyHandlers } from '../src/create-cloudly-handlers.js';
import type { Call, CallOutcome } from './fixtures/cloudly-process.js';
import { isFleetStoreError, openPostgresStore, type PostgresStore } from '../src/postgres.js';

const [, , url = ''] = process.argv;

const fleets = new Map<string, Promise<PostgresStore>>();

function fleetOf(schema: string): Promise<PostgresStore> {
  const fleet = fleets.get(schema) ?? openPostgresStore(url, { schema });
  fleets.set(schema, fleet);
  return fleet;
}

async function answer(store: PostgresStore, path: string, body: unknown, bearer: string) {
  const handlers = createCloudlyHandlers({
    store,
    cloudlyId: await store.cloudlyId(),
    onError: (error) => void process.stderr.write(`${String(error)}\n`),
  });
  const response = await handlers.fetch(
    new Request(`https://cloudly.example${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: JSON.stringify(body),
    }),
  );
  return { status: response.status, body: await response.json() };
}

async function carryOut({ schema, operation, parameters, caller }: Call): Promise<unknown> {
  const store = await fleetOf(schema);
  if (operation === 'request') return answer(store, ...(parameters as [string, unknown, string]));
  const operations = (caller ? store.as(caller) : store) as unknown as Record<string, Operation>;
  return operations[operation]?.(...parameters);
}

type Operation = (...parameters: readonly unknown[]) => unknown;

async function settle(call: Call): Promise<CallOutcome> {
  try {
    return { id: call.id, result: await carryOut(call) };
  } catch (error) {
    return { id: call.id, error: isFleetStoreError(error) ? error.code : String(error) };
  }
}

process.on('message', (call: Call) => void settle(call).then((outcome) => process.send?.(outcome)));
process.on('disconnect', () => process.exit());
