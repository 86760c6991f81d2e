import {
  type AttemptResult,
  type CreatedWebhook,
  type Delivery,
  type DeliveryKind,
  type DeliveryProblem,
  deliveryStates,
  type DisabledReason,
  type FleetEventKind,
  fleetEventKinds,
  type ShownWebhook,
} from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { describes } from './describes.js';
import { actor, count, instant, maybe, text, word } from './parts.js';

export const eventKinds = v.array(v.picklist(fleetEventKinds as [FleetEventKind, ...FleetEventKind[]]));

export const shownWebhook = describes<ShownWebhook>()(
  v.object({
    id: text,
    revision: count,
    name: text,
    url: text,
    kinds: maybe(v.array(word<FleetEventKind>())),
    selector: maybe(text),
    createdBy: actor,
    createdAtMs: instant,
    secretVersion: count,
    secretChangedAtMs: instant,
    disabled: maybe(v.object({ atMs: instant, reason: word<DisabledReason>() })),
    failingSinceMs: maybe(instant),
    waitingCount: count,
    key: v.picklist(['same', 'changed', 'missing']),
  }),
);

export const createdWebhook = describes<CreatedWebhook>()(v.object({ webhook: shownWebhook, secret: maybe(text) }));

export const rotatedWebhook = describes<CreatedWebhook & { secret: string }>()(
  v.object({ webhook: shownWebhook, secret: text }),
);

const attemptResult = describes<AttemptResult>()(
  v.object({ atMs: instant, tookMs: count, status: maybe(count), problem: maybe(word<DeliveryProblem>()) }),
);

export const deliveryState = v.picklist(deliveryStates);

export const delivery = describes<Delivery>()(
  v.object({
    id: text,
    webhookId: text,
    number: count,
    kind: word<DeliveryKind>(),
    position: maybe(count),
    createdAtMs: instant,
    state: deliveryState,
    attempts: count,
    dueAtMs: instant,
    body: text,
    last: maybe(attemptResult),
  }),
);
