import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Caller, createFleet, type FleetStore } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { createFleetApi } from '@serve.zone/baseos-fleet-api';
import { onTestFinished } from 'vitest';

/** The token that every test of the API uses. */
export const TOKEN = 'bot_of-the-test';

/** Serves the operators' API of a fleet until the test ends: whoever has the token is this caller. Resolves with its URL. */
export async function startApi(store: FleetStore, caller: Caller): Promise<string> {
  const api = createFleetApi({
    fleet: createFleet({ store }),
    onNews: (onNews) => store.onNews(onNews),
    authenticate: ({ headers }) => (headers.get('authorization') === `Bearer ${TOKEN}` ? caller : undefined),
  });
  const server = createServer(nodeListener(api.fetch)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(async () => {
    await api.drain();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
