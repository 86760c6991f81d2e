import type { WebhookStore } from '../../src/fleet-store/webhook-store.js';
import type { Fault, Faults } from './fault.js';

export const webhookFaults: Faults = {
  'keeps two webhooks under one ID': {
    breaks: ['keeps webhooks'],
    ...having(({ add }) => ({
      async add(webhook, place, events) {
        await add(webhook, place, events);
        return true;
      },
    })),
  },
  'changes webhooks whatever others have done': {
    breaks: ['changes a webhook unless somebody'],
    ...having(({ find, replace }) => ({
      async replace(webhook, events) {
        const revision = (await find(webhook.id))?.webhook.revision ?? webhook.revision;
        return replace({ ...webhook, revision }, events);
      },
    })),
  },
  'tells nothing of webhooks': {
    breaks: ['tells of changes to webhooks'],
    ...having(({ add }) => ({ add: (webhook, place) => add(webhook, place, []) })),
  },
  'moves a webhook wherever it is': {
    breaks: ['queues what a webhook has not seen'],
    ...having(({ find, move }) => ({
      async move(moves) {
        const there = await Promise.all(
          moves.map(async (each) => ({ ...each, from: (await find(each.webhookId))?.place ?? each.from })),
        );
        return move(there);
      },
    })),
  },
  'takes deliveries without a lease': {
    breaks: ['gives a delivery to one sender', 'queues an event once'],
    ...having(({ take }) => ({ take: ({ nowMs, ...rest }) => take({ ...rest, nowMs, leaseUntilMs: nowMs }) })),
  },
  'never says that something is due': {
    breaks: ['says when the first delivery'],
    ...having(() => ({ listDue: async () => [] })),
  },
  'forgets what came of an attempt': {
    breaks: ['keeps what came of the last attempt'],
    ...having(({ saveAttempt }) => ({
      saveAttempt: (ended) => saveAttempt({ ...ended, result: { atMs: ended.result.atMs, tookMs: 0 } }),
    })),
  },
  'never gives up a receiver': {
    breaks: ['gives up a receiver'],
    ...having(({ saveAttempt }) => ({ saveAttempt: (ended) => saveAttempt({ ...ended, verdict: undefined }) })),
  },
  'remembers a failure forever': {
    breaks: ['no longer counts a failure'],
    ...having(({ saveAttempt }) => ({
      saveAttempt: (ended) =>
        saveAttempt({ ...ended, verdict: ended.verdict === 'delivered' ? undefined : ended.verdict }),
    })),
  },
  'begins anew when a webhook is enabled': {
    breaks: ['goes on where a webhook was'],
    ...having(({ enable }) => ({
      enable: (webhookId, { atMs }, events) => enable(webhookId, { atMs, place: { epoch: 'e', position: 0 } }, events),
    })),
  },
  'lists the oldest deliveries first': {
    breaks: ['lists the deliveries of a webhook'],
    ...having(({ listDeliveries }) => ({
      listDeliveries: async (webhookId, query) => (await listDeliveries(webhookId, query)).toReversed(),
    })),
  },
  'lets others take what is taken already': {
    breaks: ['queues a delivery of its own'],
    ...having(({ addDelivery }) => ({ addDelivery: (webhookId, delivery) => addDelivery(webhookId, delivery) })),
  },
  'does not send anything again': {
    breaks: ['lets a delivery wait anew'],
    ...having(({ findDelivery }) => ({ resend: (webhookId, deliveryId) => findDelivery(webhookId, deliveryId) })),
  },
  'keeps the deliveries of a webhook that is removed': {
    breaks: ['removes a webhook'],
    ...having(({ disable }) => ({
      remove: (webhookId, events) => disable(webhookId, { atMs: 0, reason: 'operator' }, events),
    })),
  },
  'counts those that wait without end': {
    breaks: ['counts those that wait'],
    ...having(({ find, listDeliveries }) => ({
      async find(webhookId) {
        const stored = await find(webhookId);
        const open = await listDeliveries(webhookId, { state: 'waiting', limit: 1_000_000 });
        return stored && { ...stored, waitingCount: open.length };
      },
    })),
  },
  'drops deliveries after a month and a day': {
    breaks: ['drops deliveries after 30 days'],
    store: (store) => ({ tidy: (nowMs) => store.tidy(nowMs - 24 * 3_600_000) }),
  },
};

function having(faulty: (webhooks: WebhookStore) => Partial<WebhookStore>): Pick<Fault, 'store'> {
  return { store: ({ webhooks }) => ({ webhooks: { ...webhooks, ...faulty(webhooks) } }) };
}
