import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { shareResource } from '../../../../test/shared-resources/shared-resource.js';
import { acceptingWebhooks } from '../../test/fixtures/accepting-webhooks.js';
import { boss } from '../../test/fixtures/fleet-callers.js';
import { forkSource } from '../../test/fixtures/fork-source.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../test/fixtures/postgres-server.js';
import { createSchemaPool } from '../../test/fixtures/schema-pool.js';
import { startReceiver } from '../../test/fixtures/webhook-receiver.js';
import { createFleet } from '../create-fleet.js';
import { openPostgresStore } from '../stores/postgres/open-postgres-store.js';

/** More than a lease. */
const LATER_MS = 120_000;
const EVENTS = 12;

test.skipIf(isSkipped)(
  `of two servers on one database, one is killed while it sends: the other sends all of it${unlessInstalled}`,
  { timeout: TIMEOUT_MS },
  async () => {
    const url = await shareResource('postgres');
    const { schema, giveBack } = await createSchemaPool(url, `w${randomUUID().replaceAll('-', '')}`).take();
    onTestFinished(giveBack);
    const store = await openPostgresStore(url, { schema });
    onTestFinished(() => store.close());
    const held: ServerResponse[] = [];
    let isHolding = true;
    const receiver = await startReceiver({
      answer(response) {
        if (isHolding) held.push(response);
        else response.writeHead(204).end();
      },
    });
    const fleet = createFleet({ store, webhooks: acceptingWebhooks() });
    const { webhook } = await fleet.createWebhook(boss, {
      name: 'Chat',
      url: `http://127.0.0.1:${receiver.port}/`,
      kinds: ['view-saved'],
    });
    for (let index = 0; index < EVENTS; index += 1) {
      await fleet.saveView(boss, { id: randomUUID(), name: `View ${index}`, selector: '' });
    }
    const [killed, other] = await Promise.all([start(url, schema), start(url, schema)]);
    // Each has as many under way as it may have.
    await expect.poll(() => held.length).toBe(8);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    isHolding = false;
    for (const response of held) response.writeHead(204).end();
    other.send(LATER_MS);
    const list = () => fleet.listDeliveries(boss, webhook.id);
    const isDone = async () => (await list()).filter(({ state }) => state === 'delivered').length;
    await expect.poll(isDone, { timeout: TIMEOUT_MS / 2 }).toBe(EVENTS);
    const deliveries = await list();
    expect(new Set(deliveries.map(({ position }) => position)).size).toBe(EVENTS);
    // What the killed one was sending came twice, with the same ID.
    const ids = receiver.received.map(({ id }) => id);
    expect(new Set(ids).size).toBe(EVENTS);
    expect(ids.length).toBe(EVENTS + 4);
  },
);

async function start(url: string, schema: string) {
  const child = forkSource(new URL('../../test/webhook-process.ts', import.meta.url), [url, schema]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}
