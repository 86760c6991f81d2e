import { endpointUrl } from '@serve.zone/baseos-contracts';
import { expect, test } from 'vitest';
import { createEmulatedNode } from './emulated-node.js';
import { startServer } from './start-server.js';

async function read(url: string | undefined): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(url ?? '');
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

test('Prometheus reads what a server did, on a separate port', async () => {
  const { url, metricsUrl, createJoinToken } = await startServer({ metrics: {} });
  const { joinToken } = await createJoinToken();
  const node = createEmulatedNode();
  const { nodeToken = '' } = await node.register(url, joinToken);
  await node.heartbeat(url, nodeToken);
  await createEmulatedNode().register(url, joinToken);
  for (const path of ['made-up', '.env', `${node.nodeId}/x`]) await fetch(`${url}/${path}`);

  const { status, type, text } = await read(metricsUrl);
  expect([status, type]).toEqual([200, expect.stringMatching(/^text\/plain; .*version=0\.0\.4/)]);
  const lines = text.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'cloudly_registrations_total{outcome="created"} 1',
      'cloudly_heartbeats_total{outcome="kept"} 1',
      'cloudly_refusals_total{endpoint="register",code="join-token-used"} 1',
      'cloudly_refusals_total{endpoint="other",code="not-found"} 3',
      'cloudly_request_duration_seconds_count{endpoint="register",status="201"} 1',
      'cloudly_request_duration_seconds_count{endpoint="other",status="404"} 3',
      'cloudly_store_operation_duration_seconds_count{operation="createNode",outcome="done"} 1',
      'cloudly_nodes{state="online"} 1',
    ]),
  );
  for (const unbounded of ['made-up', '.env', node.nodeId, joinToken, nodeToken]) expect(text).not.toContain(unbounded);
});

test('the port for nodes has no metrics, and the one for metrics no endpoints', async () => {
  const { url, metricsUrl = '' } = await startServer({ metrics: {} });
  expect((await read(`${url}/metrics`)).status).toBe(404);
  const elsewhere = new URL(metricsUrl).origin;
  expect((await fetch(endpointUrl(elsewhere, 'register'), { method: 'POST' })).status).toBe(404);
  expect((await read(`${elsewhere}/readyz`)).status).toBe(200);
});

test('both ports are free again after a start that could not have one of them', async () => {
  const taken = await startServer({ metrics: {} });
  const port = Number(new URL(taken.metricsUrl ?? '').port);
  await expect(startServer({ metrics: { port } })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  await taken.close();
  expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
});
