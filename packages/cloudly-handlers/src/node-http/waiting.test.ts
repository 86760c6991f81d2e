import { createServer, request as sendRequest } from 'node:http';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { wakeEndpoint } from '@serve.zone/baseos-contracts';
import { expect, onTestFinished, test } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { queueCommand } from '../operator/queue-command.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { nodeListener } from './node-listener.js';

async function setUp() {
  const cloudly = createCloudly(createMemoryStore(), { wakeWaitMs: 50_000 });
  const device = createEmulatedNode();
  const nodeToken = await enrol(cloudly, device);
  await cloudly.heartbeat(device.heartbeat(), nodeToken);
  cloudly.advance(1000);
  const { port, close } = await listenOnLoopback(createServer(nodeListener(cloudly.fetch)));
  onTestFinished(close);
  const hold = () => {
    const headers = { authorization: `Bearer ${nodeToken}` };
    const outgoing = sendRequest({ host: '127.0.0.1', port, path: wakeEndpoint.path, headers }).end();
    const text = new Promise<string>((resolve) => {
      outgoing.on('error', (error) => resolve(error.message));
      outgoing.on('response', (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (piece: string) => (received += piece));
        response.on('end', () => resolve(received));
      });
    });
    return { outgoing, text };
  };
  return { cloudly, device, hold, countWaiting: cloudly.handlers.countWaiting };
}

test('a node that waits on a socket is woken', async () => {
  const { cloudly, device, hold, countWaiting } = await setUp();
  const { text } = hold();
  await expect.poll(countWaiting).toBe(1);
  await queueCommand(cloudly.store, device.nodeId, { kind: 'blink' }, { now: cloudly.now });
  expect(JSON.parse(await text)).toMatchObject({ protocol: 1, wake: true });
  expect(countWaiting()).toBe(0);
});

test('a client that closes its socket frees its place', async () => {
  const { cloudly, hold, countWaiting } = await setUp();
  const { outgoing, text } = hold();
  await expect.poll(countWaiting).toBe(1);
  outgoing.destroy();
  await text;
  await expect.poll(countWaiting).toBe(0);
  expect(cloudly.errors).toEqual([]);
});
