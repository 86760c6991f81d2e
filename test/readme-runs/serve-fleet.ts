import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createCloudlyHandlers,
  createFleet,
  createJoinToken,
  createMemoryStore,
} from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import request from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import { createFleetApi } from '@serve.zone/baseos-fleet-api';

/** The operators' API of a fleet in which `gate-1` waits for approval, for whoever has this token. */
export async function serveFleet(token: string): Promise<{ url: string; close: () => void }> {
  const store = createMemoryStore();
  const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId() });
  const { joinToken } = await createJoinToken(store, { requiresApproval: true });
  const registration = new Request('http://fleet.example/baseos/v1/nodes/register', {
    method: 'POST',
    headers: { authorization: `Bearer ${joinToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, nodeId: 'gate-1' }),
  });
  const { status } = await handlers.fetch(registration);
  if (status !== 202) throw new Error(`The registration was answered with ${status}`);
  const api = createFleetApi({
    fleet: createFleet({ store }),
    authenticate: ({ headers }) =>
      headers.get('authorization') === `Bearer ${token}` ? { actor: 'host:ada', role: 'operate' } : undefined,
  });
  const server = createServer(nodeListener(api.fetch));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
