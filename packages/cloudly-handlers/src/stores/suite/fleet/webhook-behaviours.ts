import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import type { Delivery, Webhook } from '../../../fleet-store/webhook.js';
import { DELIVERIES_KEPT_MS, WAITING_MAX } from '../../../fleet-store/webhook.js';
import type { EndedAttempt, NewDelivery, WebhookStore } from '../../../fleet-store/webhook-store.js';
import type { FleetWideEventBody, WrittenEvent } from '../../../events/fleet-event.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import { ADA, lastPosition, tidyAll, toldSince } from './fleet-fixtures.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const start = { epoch: 'e', position: 10 };

export const webhookBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('keeps webhooks, the oldest first, each ID once', async ({ webhooks }: FleetStore) => {
    expectEqual('none', await webhooks.list(), []);
    expectEqual('added', await webhooks.add(webhook('b'), start, []), true);
    expectEqual('another', await webhooks.add(webhook('a'), start, []), true);
    expectEqual('its ID again', await webhooks.add(webhook('b', { name: 'Other' }), start, []), false);
    const a = { webhook: webhook('a'), place: start, waitingCount: 0 };
    const b = { webhook: webhook('b'), place: start, waitingCount: 0 };
    expectEqual('the list', await webhooks.list(), [b, a]);
    expectEqual('found', await webhooks.find('a'), a);
    expectEqual('not found', await webhooks.find('c'), undefined);
  }),

  behaviour('changes a webhook unless somebody else came first', async ({ webhooks }: FleetStore) => {
    await webhooks.add(webhook('w'), start, []);
    const changed = webhook('w', { url: 'https://other.example/', kinds: ['node-offline'], secretVersion: 2 });
    expectEqual('changed', await webhooks.replace(changed, []), true);
    expectEqual('found', (await webhooks.find('w'))?.webhook, { ...changed, revision: 2 });
    expectEqual('again', await webhooks.replace(changed, []), false);
    expectEqual('an unknown one', await webhooks.replace(webhook('x'), []), false);
    expectEqual('then', (await webhooks.find('w'))?.webhook.revision, 2);
  }),

  behaviour('tells of changes to webhooks, and of nothing that does not happen', async (store: FleetStore) => {
    const { webhooks } = store;
    const before = await lastPosition(store);
    const once = async (change: () => Promise<boolean>): Promise<void> => {
      await change();
      await change();
    };
    await once(() => webhooks.add(webhook('w'), start, [told('webhook-created', { host: 'hooks.example' })]));
    await once(() => webhooks.replace(webhook('w'), [told('webhook-secret-rotated', { version: 2 })]));
    await once(() => webhooks.disable('w', { atMs: 5, reason: 'operator' }, [told('webhook-disabled', operator)]));
    await once(() => webhooks.enable('w', { atMs: 6 }, [told('webhook-enabled')]));
    await once(() => webhooks.remove('w', [told('webhook-removed')]));
    expectEqual('what is told', await toldSince(store, before), [
      { actor: ADA, kind: 'webhook-created', details: { ...named, host: 'hooks.example' } },
      { actor: ADA, kind: 'webhook-secret-rotated', details: { ...named, version: 2 } },
      { actor: ADA, kind: 'webhook-disabled', details: { ...named, ...operator } },
      { actor: ADA, kind: 'webhook-enabled', details: named },
      { actor: ADA, kind: 'webhook-removed', details: named },
    ]);
  }),

  behaviour('queues what a webhook has not seen, and moves on together with it', async ({ webhooks }: FleetStore) => {
    await webhooks.add(webhook('w'), start, []);
    await webhooks.add(webhook('v'), start, []);
    const move = { from: start, to: 14, deliveries: [queued('d', 11), queued('e', 14)] };
    const moves = [
      { webhookId: 'w', ...move },
      { webhookId: 'v', ...move, from: { ...start, epoch: 'f' }, deliveries: [queued('f', 11)] },
      { webhookId: 'unknown', ...move, deliveries: [queued('g', 11)] },
    ];
    expectEqual('moved', await webhooks.move(moves), ['w']);
    expectEqual('again', await webhooks.move(moves), []);
    expectEqual('where it is', (await webhooks.find('w'))?.place, { epoch: 'e', position: 14 });
    expectEqual('where the other is', (await webhooks.find('v'))?.place, start);
    expectEqual('how many wait', (await webhooks.find('w'))?.waitingCount, 2);
    const empty = { webhookId: 'w', from: { epoch: 'e', position: 14 }, to: 20, deliveries: [] };
    expectEqual('without anything to queue', await webhooks.move([empty]), ['w']);
    expectEqual(
      'what is queued',
      (await webhooks.listDeliveries('w', { limit: 9 })).map(({ number: _number, ...each }) => each),
      [
        { ...queued('e', 14), ...waiting },
        { ...queued('d', 11), ...waiting },
      ],
    );
  }),

  behaviour('gives a delivery to one sender at a time, and again after its lease', async ({ webhooks }: FleetStore) => {
    await queue(webhooks, 'd', 'e', 'f');
    const take = (nowMs: number, limit: number) =>
      webhooks.take({ webhookId: 'w', nowMs, leaseUntilMs: nowMs + MINUTE_MS, limit });
    expectEqual('before it is due', await take(NOW_MS - 1, 9), []);
    const taken = await take(NOW_MS, 2);
    expectEqual('those in front', ids(taken), ['d', 'e']);
    expectEqual(
      'how they stand',
      taken.map(({ state, attempts, dueAtMs }) => [state, attempts, dueAtMs]),
      [
        ['sending', 1, NOW_MS + MINUTE_MS],
        ['sending', 1, NOW_MS + MINUTE_MS],
      ],
    );
    expectEqual('the rest', ids(await take(NOW_MS, 9)), ['f']);
    expectEqual('none', await take(NOW_MS, 9), []);
    await webhooks.saveAttempt(delivered(taken[0]));
    const again = await take(NOW_MS + MINUTE_MS, 9);
    expectEqual('those that were left', ids(again), ['e', 'f']);
    expectEqual(
      'their attempts',
      again.map(({ attempts }) => attempts),
      [2, 2],
    );
    expectEqual('what the first sender says of it', await webhooks.saveAttempt(delivered(taken[1])), false);
    expectEqual('which changes nothing', (await webhooks.findDelivery('w', 'e'))?.state, 'sending');
  }),

  behaviour('says when the first delivery of each webhook is due', async ({ webhooks }: FleetStore) => {
    await queue(webhooks, 'd', 'e');
    await webhooks.add(webhook('idle'), start, []);
    expectEqual('at first', await webhooks.listDue(), [{ webhookId: 'w', dueAtMs: NOW_MS }]);
    const [d, e] = await takeAll(webhooks);
    await webhooks.saveAttempt(failed(d, { dueAtMs: NOW_MS + 5000 }));
    expectEqual('after a failure', await webhooks.listDue(), [{ webhookId: 'w', dueAtMs: NOW_MS + 5000 }]);
    expectEqual('before', ids(await takeAll(webhooks, NOW_MS + 4999)), []);
    expectEqual('then', ids(await takeAll(webhooks, NOW_MS + 5000)), ['d']);
    await webhooks.saveAttempt(delivered(e));
    await webhooks.saveAttempt({ ...failed(d), attempts: 2, state: 'failed' });
    expectEqual('when all is over', await webhooks.listDue(), []);
  }),

  behaviour('keeps what came of the last attempt', async ({ webhooks }: FleetStore) => {
    await queue(webhooks, 'd');
    const [taken] = await takeAll(webhooks);
    const result = { atMs: NOW_MS + 7, tookMs: 7, status: 503, problem: 'rejected' } as const;
    expectEqual('saved', await webhooks.saveAttempt({ ...failed(taken), result }), true);
    const found = await webhooks.findDelivery('w', 'd');
    expectEqual('found', found, { ...taken, state: 'waiting', dueAtMs: NOW_MS, last: result });
    expectEqual('of another webhook', await webhooks.findDelivery('v', 'd'), undefined);
  }),

  behaviour('gives up a receiver that is gone, or that fails for days', async (store: FleetStore) => {
    const { webhooks } = store;
    await queue(webhooks, 'd', 'e');
    await webhooks.add(webhook('v'), start, []);
    await webhooks.move([{ webhookId: 'v', from: start, to: 11, deliveries: [queued('g', 11)] }]);
    const before = await lastPosition(store);
    const [d] = await takeAll(webhooks);
    await webhooks.saveAttempt(failed(d, { dueAtMs: NOW_MS + 5 * DAY_MS }));
    expectEqual('at first', (await webhooks.find('w'))?.failingSinceMs, NOW_MS);
    const [later] = await takeAll(webhooks, NOW_MS + 5 * DAY_MS);
    await webhooks.saveAttempt({ ...failed(later), result: { atMs: NOW_MS + 5 * DAY_MS, tookMs: 1 } });
    const disabled = { atMs: NOW_MS + 5 * DAY_MS, reason: 'failing' };
    expectEqual('after five days', (await webhooks.find('w'))?.disabled, disabled);
    const [g] = await takeAll(webhooks, NOW_MS, 'v');
    await webhooks.saveAttempt({ ...failed(g), state: 'failed', verdict: 'gone' });
    expectEqual('gone', (await webhooks.find('v'))?.disabled, { atMs: NOW_MS, reason: 'gone' });
    expectEqual('what is told', await toldSince(store, before), [
      { actor: 'system', kind: 'webhook-disabled', details: { webhookId: 'w', name: 'w', reason: 'failing' } },
      { actor: 'system', kind: 'webhook-disabled', details: { webhookId: 'v', name: 'v', reason: 'gone' } },
    ]);
    expectEqual('what is still to be sent', await webhooks.listDue(), []);
    expectEqual('what is taken', await takeAll(webhooks, NOW_MS + 9 * DAY_MS), []);
    const place = { epoch: 'e', position: 12 };
    const move = { webhookId: 'w', from: place, to: 13, deliveries: [queued('h', 13)] };
    expectEqual('what is queued', await webhooks.move([move]), []);
  }),

  behaviour('no longer counts a failure once something was delivered', async ({ webhooks }: FleetStore) => {
    await queue(webhooks, 'd', 'e');
    const [d, e] = await takeAll(webhooks);
    await webhooks.saveAttempt(failed(d));
    await webhooks.saveAttempt(delivered(e));
    expectEqual('then', (await webhooks.find('w'))?.failingSinceMs, undefined);
  }),

  behaviour('goes on where a webhook was when it is enabled, or from another place', async (store: FleetStore) => {
    const { webhooks } = store;
    await queue(webhooks, 'd', 'e');
    await webhooks.saveAttempt(failed((await takeAll(webhooks))[0]));
    const disable = () => webhooks.disable('w', { atMs: NOW_MS, reason: 'operator' }, []);
    expectEqual('disabled', await disable(), true);
    expectEqual('what is taken', ids(await takeAll(webhooks, NOW_MS + HOUR_MS)), []);
    expectEqual('enabled', await webhooks.enable('w', { atMs: NOW_MS }, []), true);
    const stored = await webhooks.find('w');
    expectEqual(
      'how it is',
      [stored?.disabled, stored?.failingSinceMs, stored?.place.position],
      [undefined, undefined, 12],
    );
    expectEqual('what goes on', ids(await takeAll(webhooks, NOW_MS + HOUR_MS)), ['d', 'e']);
    await disable();
    const place = { epoch: 'f', position: 3 };
    await webhooks.enable('w', { atMs: NOW_MS + HOUR_MS, place }, []);
    expectEqual('where it is then', (await webhooks.find('w'))?.place, place);
    const skipped = { atMs: NOW_MS + HOUR_MS, tookMs: 0, problem: 'skipped' };
    const deliveries = await webhooks.listDeliveries('w', { limit: 9 });
    expectEqual(
      'what waited',
      deliveries.map(({ state, last }) => [state, last]),
      [
        ['failed', skipped],
        ['failed', skipped],
      ],
    );
  }),

  behaviour('lists the deliveries of a webhook, the newest first', async ({ webhooks }: FleetStore) => {
    await queue(webhooks, 'd', 'e', 'f', 'g');
    await webhooks.add(webhook('v'), start, []);
    await webhooks.addDelivery('v', queued('x'));
    const taken = await takeAll(webhooks);
    await webhooks.saveAttempt(delivered(taken[0]));
    await webhooks.saveAttempt(delivered(taken[2]));
    const page = await webhooks.listDeliveries('w', { limit: 2 });
    expectEqual('a page', ids(page), ['g', 'f']);
    const before = page.at(-1)?.number;
    expectEqual('the next page', ids(await webhooks.listDeliveries('w', { limit: 9, before })), ['e', 'd']);
    const query = { state: 'delivered', limit: 9 } as const;
    expectEqual('those that were delivered', ids(await webhooks.listDeliveries('w', query)), ['f', 'd']);
    expectEqual('of these, the next page', ids(await webhooks.listDeliveries('w', { ...query, before })), ['d']);
  }),

  behaviour('queues a delivery of its own, which may be taken already', async ({ webhooks }: FleetStore) => {
    await webhooks.add(webhook('w'), start, []);
    const test: NewDelivery = { ...queued('t'), kind: 'webhook-test' };
    const taken = await webhooks.addDelivery('w', test, NOW_MS + MINUTE_MS);
    expectEqual('taken', [taken?.state, taken?.attempts, taken?.dueAtMs], ['sending', 1, NOW_MS + MINUTE_MS]);
    expectEqual('by others', ids(await takeAll(webhooks)), []);
    expectEqual('saved', await webhooks.saveAttempt({ ...failed(taken), state: 'failed', verdict: undefined }), true);
    expectEqual('what that says of the receiver', (await webhooks.find('w'))?.failingSinceMs, undefined);
    expectEqual('of an unknown webhook', await webhooks.addDelivery('x', test), undefined);
  }),

  behaviour('lets a delivery wait anew, unless it is being sent', async ({ webhooks }: FleetStore) => {
    await queue(webhooks, 'd');
    const [taken] = await takeAll(webhooks);
    expectEqual('while it is sent', (await webhooks.resend('w', 'd', NOW_MS))?.state, 'sending');
    await webhooks.saveAttempt(delivered(taken));
    const again = await webhooks.resend('w', 'd', NOW_MS + HOUR_MS);
    expectEqual('then', [again?.state, again?.attempts, again?.dueAtMs], ['waiting', 0, NOW_MS + HOUR_MS]);
    expectEqual('what it was', again?.last, { atMs: NOW_MS, tookMs: 1 });
    expectEqual('taken', ids(await takeAll(webhooks, NOW_MS + HOUR_MS)), ['d']);
    expectEqual('of another webhook', await webhooks.resend('v', 'd', NOW_MS), undefined);
  }),

  behaviour('removes a webhook with its deliveries', async ({ webhooks }: FleetStore) => {
    await queue(webhooks, 'd', 'e');
    const [taken] = await takeAll(webhooks);
    expectEqual('removed', await webhooks.remove('w', []), true);
    expectEqual('again', await webhooks.remove('w', []), false);
    expectEqual('an attempt that was under way', await webhooks.saveAttempt(delivered(taken)), false);
    expectEqual('its deliveries', await webhooks.listDeliveries('w', { limit: 9 }), []);
    await webhooks.add(webhook('w'), start, []);
    expectEqual('those of another with its ID', await webhooks.listDeliveries('w', { limit: 9 }), []);
  }),

  behaviour('counts those that wait up to a limit', async ({ webhooks }: FleetStore) => {
    await webhooks.add(webhook('w'), start, []);
    const deliveries = Array.from({ length: WAITING_MAX + 5 }, (_, index) => queued(`d${index}`, 11 + index));
    await webhooks.move([{ webhookId: 'w', from: start, to: 5000, deliveries }]);
    expectEqual('how many', (await webhooks.find('w'))?.waitingCount, WAITING_MAX + 1);
  }),

  behaviour('drops deliveries after 30 days', async (store: FleetStore) => {
    const { webhooks } = store;
    await queue(webhooks, 'd');
    await webhooks.addDelivery('w', { ...queued('e'), createdAtMs: NOW_MS + DAY_MS });
    await tidyAll(store, NOW_MS + DELIVERIES_KEPT_MS - 1);
    expectEqual('before', ids(await webhooks.listDeliveries('w', { limit: 9 })), ['e', 'd']);
    await tidyAll(store, NOW_MS + DELIVERIES_KEPT_MS);
    expectEqual('then', ids(await webhooks.listDeliveries('w', { limit: 9 })), ['e']);
  }),

  sharedBehaviour('queues an event once, and sends it from one process at a time', async (store, other: FleetStore) => {
    const processes = [store, other, store, other];
    await store.webhooks.add(webhook('w'), { epoch: 'e', position: 0 }, []);
    // Each reads ahead on its own, and moves the webhook by what it has read.
    const follow = async ({ webhooks }: FleetStore, name: number): Promise<void> => {
      for (;;) {
        const position = (await webhooks.find('w'))?.place.position ?? 0;
        if (position >= 20) return;
        const to = position + 2;
        const deliveries = [position + 1, to].map((each) => queued(`${name}-${each}`, each));
        await webhooks.move([{ webhookId: 'w', from: { epoch: 'e', position }, to, deliveries }]);
      }
    };
    await Promise.all(processes.map(follow));
    const listed = await other.webhooks.listDeliveries('w', { limit: 99 });
    const positions = (deliveries: readonly Delivery[]) =>
      deliveries.map(({ position = 0 }) => position).toSorted((one, two) => one - two);
    const all = Array.from({ length: 20 }, (_, index) => index + 1);
    expectEqual('the events that are queued', positions(listed), all);
    const send = async ({ webhooks }: FleetStore): Promise<Delivery[]> => {
      const sent: Delivery[] = [];
      for (;;) {
        const some = await webhooks.take({ webhookId: 'w', nowMs: NOW_MS, leaseUntilMs: NOW_MS + HOUR_MS, limit: 3 });
        if (some.length === 0) return sent;
        for (const each of some) await webhooks.saveAttempt(delivered(each));
        sent.push(...some);
      }
    };
    expectEqual('the events that are sent', positions((await Promise.all(processes.map(send))).flat()), all);
  }),
];

const waiting = { webhookId: 'w', state: 'waiting', attempts: 0, dueAtMs: NOW_MS };
const named = { webhookId: 'w', name: 'w' };
const operator = { reason: 'operator' };

function told(kind: FleetWideEventBody['kind'], details: object = {}): WrittenEvent {
  return { atMs: NOW_MS, actor: ADA, kind, details: { ...named, ...details } } as WrittenEvent;
}

function webhook(id: string, changes: Partial<Webhook> = {}): Webhook {
  return {
    id,
    revision: 1,
    name: id,
    url: 'https://hooks.example/',
    createdBy: ADA,
    createdAtMs: NOW_MS,
    secretVersion: 1,
    secretChangedAtMs: NOW_MS,
    keyFingerprint: 'f',
    ...changes,
  };
}

function queued(id: string, position?: number): NewDelivery {
  return {
    id,
    kind: 'node-offline',
    ...(position !== undefined && { position }),
    createdAtMs: NOW_MS,
    body: `{"text":"${id} \\u0000 ü"}`,
  };
}

/** The webhook `w` with these deliveries. */
async function queue(webhooks: WebhookStore, ...deliveryIds: string[]): Promise<void> {
  await webhooks.add(webhook('w'), start, []);
  const deliveries = deliveryIds.map((id, index) => queued(id, 11 + index));
  await webhooks.move([{ webhookId: 'w', from: start, to: 12, deliveries }]);
}

function takeAll(webhooks: WebhookStore, nowMs = NOW_MS, webhookId = 'w'): Promise<Delivery[]> {
  return webhooks.take({ webhookId, nowMs, leaseUntilMs: nowMs + MINUTE_MS, limit: 99 });
}

function attemptOf(delivery: Delivery | undefined): Pick<EndedAttempt, 'webhookId' | 'deliveryId' | 'attempts'> {
  if (!delivery) throw new Error('a delivery that is taken: expected one, but got none');
  const { webhookId, id: deliveryId, attempts } = delivery;
  return { webhookId, deliveryId, attempts };
}

function delivered(delivery: Delivery | undefined): EndedAttempt {
  const result = { atMs: NOW_MS, tookMs: 1 };
  return { ...attemptOf(delivery), result, state: 'delivered', dueAtMs: NOW_MS, verdict: 'delivered' };
}

/** It waits for another attempt. */
function failed(delivery: Delivery | undefined, changes: Partial<EndedAttempt> = {}): EndedAttempt {
  const result = { atMs: NOW_MS, tookMs: 1, problem: 'timeout' } as const;
  return { ...attemptOf(delivery), result, state: 'waiting', dueAtMs: NOW_MS, verdict: 'failed', ...changes };
}

function ids(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(({ id }) => id);
}
