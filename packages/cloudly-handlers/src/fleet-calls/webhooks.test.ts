import { describe, expect, test } from 'vitest';
import { acceptingWebhooks } from '../../test/fixtures/accepting-webhooks.js';
import { boss, codeOf } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { deriveSecret } from '../webhooks/derive-secret.js';
import type { WebhookRequest } from '../webhooks/webhook-sender.js';
import type { WebhookServices } from '../webhooks/webhook-services.js';

const id = '00000000-0000-4000-8000-000000000001';
const asked = {
  id,
  name: 'Chat',
  url: 'https://hooks.example/T0/secret',
  kinds: ['node-offline' as const],
  selector: 'label.site=berlin',
};
const serverKey = new Uint8Array(32).fill(7);

function setUp(webhooks?: WebhookServices | 'none') {
  const store = createMemoryStore();
  const requests: WebhookRequest[] = [];
  const services =
    webhooks === 'none' ? undefined : (webhooks ?? acceptingWebhooks((request) => requests.push(request)));
  const fleet = createFleet({ store, now: () => NOW_MS, webhooks: services });
  const told = async () => (await fleet.listEvents(boss, { after: 0 })).map(({ kind, details }) => ({ kind, details }));
  return { fleet, store, requests, told };
}

test('a webhook is created once, shows its secret once, and begins with what happens then', async () => {
  const { fleet, told, store } = setUp();
  const { webhook, secret } = await fleet.createWebhook(boss, asked);
  expect(secret).toBe(await deriveSecret(serverKey, id, 1));
  expect(webhook).toEqual({
    ...asked,
    revision: 1,
    createdBy: boss.actor,
    createdAtMs: NOW_MS,
    secretVersion: 1,
    secretChangedAtMs: NOW_MS,
    waitingCount: 0,
    key: 'same',
  });
  expect(await fleet.createWebhook(boss, asked)).toEqual({ webhook });
  expect(await codeOf(fleet.createWebhook(boss, { ...asked, name: 'Other' }))).toBe('id-taken');
  expect(await fleet.listWebhooks(boss)).toEqual([webhook]);
  // The URL may be a secret.
  const named = { webhookId: id, name: 'Chat' };
  expect(await told()).toEqual([{ kind: 'webhook-created', details: { ...named, host: 'hooks.example' } }]);
  expect((await store.webhooks.find(id))?.place.position).toBe(0);
  expect(JSON.stringify(await store.webhooks.list())).not.toContain('whsec_');
});

test('a webhook is changed unless somebody else came first', async () => {
  const { fleet, told } = setUp();
  await fleet.createWebhook(boss, asked);
  const changed = await fleet.changeWebhook(boss, id, { url: 'https://other.example/', kinds: null, selector: null });
  expect(changed).toMatchObject({ name: 'Chat', url: 'https://other.example/', revision: 2 });
  expect([changed.kinds, changed.selector]).toEqual([undefined, undefined]);
  expect(await codeOf(fleet.changeWebhook(boss, id, { name: 'Late' }, { revision: 1 }))).toBe('revision-changed');
  expect(await fleet.changeWebhook(boss, id, { name: 'Chat' }, { revision: 2 })).toEqual(changed);
  expect((await told()).slice(1)).toEqual([
    {
      kind: 'webhook-changed',
      details: { webhookId: id, name: 'Chat', host: 'other.example', changed: ['url', 'kinds', 'selector'] },
    },
  ]);
});

test('a secret is rotated, and a webhook disabled, enabled and removed, each of which is told once', async () => {
  const { fleet, told } = setUp();
  await fleet.createWebhook(boss, asked);
  const { webhook, secret } = await fleet.rotateWebhookSecret(boss, id);
  expect([webhook.secretVersion, secret]).toEqual([2, await deriveSecret(serverKey, id, 2)]);
  const disabled = { atMs: NOW_MS, reason: 'operator' };
  expect((await fleet.disableWebhook(boss, id)).disabled).toEqual(disabled);
  expect((await fleet.disableWebhook(boss, id)).disabled).toEqual(disabled);
  expect((await fleet.enableWebhook(boss, id)).disabled).toBeUndefined();
  expect((await fleet.enableWebhook(boss, id)).disabled).toBeUndefined();
  await fleet.removeWebhook(boss, id);
  expect(await codeOf(fleet.removeWebhook(boss, id))).toBe('webhook-unknown');
  expect((await told()).map(({ kind }) => kind)).toEqual([
    'webhook-created',
    'webhook-secret-rotated',
    'webhook-disabled',
    'webhook-enabled',
    'webhook-removed',
  ]);
});

test('a test is sent at once, stays in the log, and can be sent again', async () => {
  const { fleet, requests } = setUp();
  await fleet.createWebhook(boss, asked);
  const delivery = await fleet.testWebhook(boss, id);
  expect(delivery).toMatchObject({ kind: 'webhook-test', state: 'delivered', attempts: 1, last: { status: 204 } });
  const [request] = requests;
  expect(request?.url).toBe(asked.url);
  expect(JSON.parse(request?.body ?? '')).toMatchObject({ type: 'webhook-test', data: { actor: boss.actor } });
  expect(await fleet.listDeliveries(boss, id)).toEqual([delivery]);
  expect(await fleet.listDeliveries(boss, id, { state: 'failed' })).toEqual([]);
  expect(await fleet.listDeliveries(boss, id, { before: delivery.number })).toEqual([]);
  expect(await fleet.resendDelivery(boss, id, delivery.id)).toMatchObject({ state: 'waiting', attempts: 0 });
  expect(await codeOf(fleet.resendDelivery(boss, id, 'msg_2'))).toBe('delivery-unknown');
});

describe('without the server key', () => {
  test('nothing that needs it goes on, and says what to do', async () => {
    const { fleet } = setUp('none');
    expect(await codeOf(fleet.createWebhook(boss, asked))).toBe('webhooks-off');
    await expect(fleet.createWebhook(boss, asked)).rejects.toThrow('there is no server key');
  });

  test('webhooks are listed, changed and removed', async () => {
    const { store, fleet } = setUp();
    await fleet.createWebhook(boss, asked);
    const other = createFleet({ store, now: () => NOW_MS });
    expect(await other.listWebhooks(boss)).toMatchObject([{ id, key: 'missing' }]);
    expect(await codeOf(other.testWebhook(boss, id))).toBe('webhooks-off');
    expect(await codeOf(other.rotateWebhookSecret(boss, id))).toBe('webhooks-off');
    await other.changeWebhook(boss, id, { name: 'Other' });
    await other.removeWebhook(boss, id);
  });
});

test('another server key is told, until the secret is rotated', async () => {
  const { store, fleet } = setUp();
  await fleet.createWebhook(boss, asked);
  const key = new Uint8Array(32).fill(8);
  const services = { ...acceptingWebhooks(), key: { read: async () => key, ensure: async () => key } };
  const other = createFleet({ store, now: () => NOW_MS, webhooks: services });
  expect(await other.listWebhooks(boss)).toMatchObject([{ key: 'changed' }]);
  const { webhook, secret } = await other.rotateWebhookSecret(boss, id);
  expect([webhook.key, secret]).toEqual(['same', await deriveSecret(key, id, 2)]);
});

test.each([
  ['value-invalid', { id: 'mine' }],
  ['value-invalid', { name: ' ' }],
  ['value-invalid', { name: 'x'.repeat(101) }],
  ['value-invalid', { url: 'hooks.example' }],
  ['value-invalid', { url: 'https://user:password@hooks.example/' }],
  ['value-invalid', { url: 'https://hooks.example:25/' }],
  ['value-invalid', { url: 'https://hooks.example/#a' }],
  ['value-invalid', { url: `https://hooks.example/${'x'.repeat(2000)}` }],
  ['value-invalid', { kinds: [] }],
  ['value-invalid', { kinds: ['node-ofline'] as never }],
  ['selector-invalid', { selector: 'label.' }],
] as const)('a webhook that makes no sense is %s: %j', async (code, changes) => {
  const { fleet, told } = setUp();
  expect(await codeOf(fleet.createWebhook(boss, { ...asked, ...changes }))).toBe(code);
  expect(await told()).toEqual([]);
});

test('there are a hundred webhooks at most', async () => {
  const { fleet } = setUp();
  const create = () => fleet.createWebhook(boss, { name: 'Chat', url: 'https://hooks.example/' });
  for (let count = 0; count < 100; count += 1) await create();
  expect(await codeOf(create())).toBe('value-invalid');
});
