import type { FleetWideEventBody } from '../events/fleet-event.js';
import { isAuditKind } from '../events/fleet-event-kinds.js';
import type { Webhook, WebhookPlace } from '../fleet-store/webhook.js';
import { textMistake } from '../operator/text-mistake.js';
import { deriveSecret, keyFingerprint } from '../webhooks/derive-secret.js';
import { webhookUrlMistake } from '../webhooks/webhook-url-mistake.js';
import { type Call, requireValue } from './call.js';
import { requireServices, requireWebhook, showWebhook, throwUnknownWebhook } from './find-webhook.js';
import { FleetError } from './fleet-error.js';
import { readSelector } from './read-selector.js';
import { requireUuid } from './require-uuid.js';
import type {
  CreatedWebhook,
  EnableWebhook,
  NewWebhook,
  ShownWebhook,
  WebhookChange,
  WebhookChanges,
} from './webhook-calls.js';

const NAME_MAX_LENGTH = 100;

/** Each of them reads all events. */
const WEBHOOKS_MAX = 100;

export async function createWebhook(call: Call, asked: NewWebhook): Promise<CreatedWebhook> {
  const { caller, fleet, nowMs } = call;
  const { id = globalThis.crypto.randomUUID(), name, url, kinds, selector } = asked;
  requireUuid(id);
  requireContent(call, { name, url, kinds, selector });
  const { key } = requireServices(call);
  const content = { name, url, ...(kinds && { kinds: [...kinds] }), ...(selector !== undefined && { selector }) };
  const before = await fleet.webhooks.list();
  const same = before.find(({ webhook }) => webhook.id === id);
  if (same)
    return isSame(same.webhook, content, caller.actor) ? { webhook: await showWebhook(call, id) } : throwTaken(id);
  requireValue(
    before.length >= WEBHOOKS_MAX ? `There are ${WEBHOOKS_MAX} webhooks, and no more can be` : undefined,
    'Remove one of them.',
  );
  const serverKey = await key.ensure();
  const made = { createdBy: caller.actor, createdAtMs: nowMs, secretVersion: 1, secretChangedAtMs: nowMs };
  const webhook = { id, revision: 1, ...content, ...made, keyFingerprint: await keyFingerprint(serverKey) };
  const isAdded = await fleet.webhooks.add(webhook, await currentPlace(call), [
    by(call, { kind: 'webhook-created', details: { ...named(webhook), host: hostOf(url) } }),
  ]);
  if (!isAdded) return throwTaken(id);
  return { webhook: await showWebhook(call, id), secret: await deriveSecret(serverKey, id, 1) };
}

export async function changeWebhook(
  call: Call,
  webhookId: string,
  changes: WebhookChanges,
  { revision }: WebhookChange = {},
): Promise<ShownWebhook> {
  const { webhook: before } = await requireWebhook(call, webhookId);
  const { name = before.name, url = before.url, kinds = before.kinds, selector = before.selector } = changes;
  requireContent(call, { name, url, kinds, selector });
  const { kinds: _kinds, selector: _selector, ...rest } = before;
  const webhook: Webhook = { ...rest, name, url, ...(kinds && { kinds: [...kinds] }), ...(selector && { selector }) };
  const changed = changedFields(before, webhook);
  if (revision !== undefined && revision !== before.revision) throwChanged(before);
  if (changed.length === 0) return showWebhook(call, webhookId);
  const told: FleetWideEventBody = {
    kind: 'webhook-changed',
    details: { ...named(webhook), host: hostOf(url), changed },
  };
  if (!(await call.fleet.webhooks.replace(webhook, [by(call, told)]))) throwChanged(before);
  return showWebhook(call, webhookId);
}

export async function removeWebhook(call: Call, webhookId: string): Promise<void> {
  const { webhook } = await requireWebhook(call, webhookId);
  const told = by(call, { kind: 'webhook-removed', details: named(webhook) });
  if (!(await call.fleet.webhooks.remove(webhookId, [told]))) throwUnknownWebhook(webhookId);
}

export async function rotateWebhookSecret(call: Call, webhookId: string): Promise<CreatedWebhook & { secret: string }> {
  const { webhook: before } = await requireWebhook(call, webhookId);
  const serverKey = await requireServices(call).key.ensure();
  const version = before.secretVersion + 1;
  const webhook: Webhook = {
    ...before,
    secretVersion: version,
    secretChangedAtMs: call.nowMs,
    keyFingerprint: await keyFingerprint(serverKey),
  };
  const told = by(call, { kind: 'webhook-secret-rotated', details: { ...named(webhook), version } });
  if (!(await call.fleet.webhooks.replace(webhook, [told]))) throwChanged(before);
  return { webhook: await showWebhook(call, webhookId), secret: await deriveSecret(serverKey, webhookId, version) };
}

export async function enableWebhook(
  call: Call,
  webhookId: string,
  { fromNow = false }: EnableWebhook = {},
): Promise<ShownWebhook> {
  const { webhook, place, disabled } = await requireWebhook(call, webhookId);
  const current = await currentPlace(call);
  // What a restored fleet calls by a position may be another event than what was sent.
  const isRestored = disabled?.reason === 'restored' || place.epoch !== current.epoch;
  const enabling = { atMs: call.nowMs, ...((fromNow || isRestored) && { place: current }) };
  const told = by(call, { kind: 'webhook-enabled', details: named(webhook) });
  await call.fleet.webhooks.enable(webhookId, enabling, [told]);
  return showWebhook(call, webhookId);
}

export async function disableWebhook(call: Call, webhookId: string): Promise<ShownWebhook> {
  const { webhook } = await requireWebhook(call, webhookId);
  const reason = 'operator';
  const told = by(call, { kind: 'webhook-disabled', details: { ...named(webhook), reason } });
  await call.fleet.webhooks.disable(webhookId, { atMs: call.nowMs, reason }, [told]);
  return showWebhook(call, webhookId);
}

function requireContent(call: Call, { name, url, kinds, selector }: WebhookChanges & { name: string; url: string }) {
  requireValue(name.trim() === '' ? 'A webhook needs a name' : undefined, 'Name it.');
  requireValue(textMistake('The name', name, NAME_MAX_LENGTH), 'Choose another name.');
  requireValue(webhookUrlMistake(url) ?? call.webhooks?.sender.urlMistake(url), 'Choose a URL with https.');
  const unknown = kinds?.find((kind) => !Object.hasOwn(isAuditKind, kind));
  requireValue(unknown === undefined ? undefined : `There is no event ${unknown}`, 'List the kinds of events.');
  requireValue(kinds?.length === 0 ? 'A webhook gets one kind of event at least' : undefined, 'Choose some, or all.');
  if (selector) readSelector(selector);
}

async function currentPlace({ fleet, store }: Call): Promise<WebhookPlace> {
  const epoch = await fleet.eventsEpoch();
  const [last] = await store.listEvents({ limit: 1 });
  return { epoch, position: last?.position ?? 0 };
}

function changedFields(before: Webhook, after: Webhook): string[] {
  const fields = ['name', 'url', 'kinds', 'selector'] as const;
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

function isSame(
  before: Webhook,
  content: Pick<Webhook, 'name' | 'url' | 'kinds' | 'selector'>,
  actor: string,
): boolean {
  return (
    before.createdBy === actor &&
    changedFields(before, { ...before, kinds: undefined, selector: undefined, ...content } as Webhook).length === 0
  );
}

function named({ id: webhookId, name }: Webhook): { webhookId: string; name: string } {
  return { webhookId, name };
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function by({ caller: { actor }, nowMs }: Call, body: FleetWideEventBody) {
  return { atMs: nowMs, actor, ...body };
}

function throwTaken(webhookId: string): never {
  throw new FleetError('id-taken', `There is another webhook with the ID ${webhookId}`, {
    remedy: 'Choose another ID.',
  });
}

function throwChanged({ name }: Webhook): never {
  throw new FleetError('revision-changed', `The webhook ${name} was changed in the meantime`, {
    remedy: 'Read it again, and repeat the change if it still applies.',
  });
}
