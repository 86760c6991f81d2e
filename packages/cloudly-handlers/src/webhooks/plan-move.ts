import type { FleetEvent } from '../events/fleet-event.js';
import type { NodeFacts } from '../facts/node-facts.js';
import type { StoredWebhook } from '../fleet-store/webhook.js';
import { WAITING_MAX } from '../fleet-store/webhook.js';
import type { NewDelivery, WebhookMove } from '../fleet-store/webhook-store.js';
import { matches, type SelectableNode } from '../selector/matches.js';
import type { Selector } from '../selector/selector.js';
import { type BodyContext, webhookBody } from './webhook-body.js';

/** So much is queued for a webhook in one transaction. */
const QUEUED_AT_ONCE = 100;

export interface ReadEvents {
  /** After the place of the webhook, in their order, without a gap. */
  events: readonly FleetEvent[];
  /** The nodes that they are about, as they are now. Those that are forgotten are not there. */
  nodes: ReadonlyMap<string, SelectableNode & { facts: NodeFacts }>;
}

export interface PlanContext extends BodyContext {
  nowMs: number;
  newId: () => string;
}

/**
 * What of these events is queued for a webhook, and how far it gets; `undefined` if there is nothing to do. While as much waits
 * as may wait, the webhook stays where it is: what a receiver that is down will get is in the list of events meanwhile.
 */
export function planMove(
  { webhook, place, waitingCount }: StoredWebhook,
  selector: Selector | undefined,
  { events, nodes }: ReadEvents,
  context: PlanContext,
): WebhookMove | undefined {
  const room = Math.min(WAITING_MAX - waitingCount, QUEUED_AT_ONCE);
  if (room <= 0) return undefined;
  const deliveries: NewDelivery[] = [];
  let to = place.position;
  for (const event of events) {
    const node = nodes.get(event.nodeId ?? '');
    const isChosen = (webhook.kinds?.includes(event.kind) ?? true) && isSelected(selector, node, context.nowMs);
    if (isChosen && deliveries.length === room) break;
    to = event.position;
    if (!isChosen) continue;
    const { kind, position } = event;
    const body = webhookBody(event, node, context);
    deliveries.push({ id: context.newId(), kind, position, createdAtMs: context.nowMs, body });
  }
  return to === place.position ? undefined : { webhookId: webhook.id, from: place, to, deliveries };
}

function isSelected(selector: Selector | undefined, node: SelectableNode | undefined, nowMs: number): boolean {
  if (!selector) return true;
  return node !== undefined && matches(selector, node, nowMs);
}
