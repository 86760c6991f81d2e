import { endpoints, parseProblem } from '@serve.zone/baseos-contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createCloudly, post } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { forgetNode, resolveClone, revokeNode, voidNodeTokens } from '../operator/operator.js';

describe.for(stores)('a heartbeat whose body is delayed, on $name', ({ openStore }) => {
  const setUp = async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    expect((await cloudly.heartbeat(device.heartbeat(), nodeToken)).status).toBe(200);
    /** Sends the headers of a heartbeat; what it gives sends the body, and resolves with the answer. */
    const hold = async (changes: Parameters<typeof device.heartbeat>[0] = {}) => {
      const bytes = new TextEncoder().encode(JSON.stringify(device.heartbeat(changes)));
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      let isAskedFor: () => void = () => undefined;
      const askedFor = new Promise<void>((resolve) => (isAskedFor = resolve));
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            isAskedFor();
            await released;
            controller.enqueue(bytes);
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      const answering = cloudly.fetch(post(endpoints.heartbeat.path, body, nodeToken));
      await askedFor;
      // So that it is held for more than a moment.
      await sleep(2);
      return async () => {
        release();
        const response = await answering;
        const problem = parseProblem(await response.text());
        return [response.status, problem.ok ? problem.value.code : undefined];
      };
    };
    return { cloudly, device, nodeToken, hold };
  };

  test('is judged when the body has arrived: a token that is void by then gets 401', async () => {
    const { cloudly, device, hold } = await setUp();
    const held = await hold();
    await voidNodeTokens(cloudly.store, device.nodeId);
    expect(await held()).toEqual([401, 'node-token-unknown']);
  });

  test('gets 410 if the node was revoked meanwhile, whether the heartbeat is the newest one or a late one', async () => {
    for (const sequence of [undefined, 1]) {
      const { cloudly, device, hold } = await setUp();
      const held = await hold(sequence === undefined ? {} : { sequence });
      await revokeNode(cloudly.store, device.nodeId);
      expect(await held()).toEqual([410, 'node-revoked']);
    }
  });

  test('does not affect another device that has registered under the ID since the node was forgotten', async () => {
    const { cloudly, device, hold } = await setUp();
    const held = await hold({ bootId: crypto.randomUUID() });
    await forgetNode(cloudly.store, device.nodeId);
    const another = createEmulatedNode(device.nodeId);
    const token = await enrol(cloudly, another);
    const before = await cloudly.store.findNode(device.nodeId);
    expect(await held()).toEqual([401, 'node-token-unknown']);
    expect(await cloudly.store.findNode(device.nodeId)).toEqual(before);
    expect((await cloudly.heartbeat(another.heartbeat(), token)).status).toBe(200);
  });

  test('does not admit a process that an operator has shut out meanwhile', async () => {
    const { cloudly, device, nodeToken, hold } = await setUp();
    const copy = device.copyDisk();
    for (const one of [copy, device, device]) {
      await cloudly.heartbeat(one.heartbeat(), nodeToken);
      cloudly.advance(60_000);
    }
    const held = await hold();
    await resolveClone(cloudly.store, device.nodeId, copy.bootId(), { now: cloudly.now });
    expect(await held()).toEqual([401, 'node-token-unknown']);
  });
});

describe.for(stores)('a node that was forgotten and registered anew, on $name', ({ openStore }) => {
  test('shares no revision with its predecessor, so that no outdated verdict is stored for it', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    await enrol(cloudly, device);
    const old = (await cloudly.store.findNode(device.nodeId))?.node;
    await forgetNode(cloudly.store, device.nodeId);
    await enrol(cloudly, createEmulatedNode(device.nodeId));
    expect(old && (await cloudly.store.replaceNode({ ...old, revokedAtMs: 1 }))).toBe(false);
    expect((await cloudly.store.findNode(device.nodeId))?.node.revokedAtMs).toBeUndefined();
  });
});
