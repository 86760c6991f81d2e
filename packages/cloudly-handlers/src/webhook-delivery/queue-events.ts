import type { FleetEvent } from '../events/fleet-event.js';
import type { FleetStore, OperatorStore } from '../fleet-store/fleet-store.js';
import type { StoredWebhook } from '../fleet-store/webhook.js';
import { parseSelector } from '../selector/parse-selector.js';
import type { Selector } from '../selector/selector.js';
import { planMove, type ReadEvents } from '../webhooks/plan-move.js';

/** Events that are read at a time, for all webhooks that are at the same place. */
const READ_AT_ONCE = 200;

export interface QueueOptions {
  cloudlyId: string;
  now: () => number;
}

/**
 * Queues events that the webhooks have not seen. Resolves with whether there may be more. Every process may do this at once: the
 * first of them moves a webhook, and the others begin anew.
 */
export async function queueEvents(
  store: FleetStore,
  webhooks: readonly StoredWebhook[],
  { now, cloudlyId }: QueueOptions,
): Promise<boolean> {
  const nowMs = now();
  const operator = store.as({ actor: 'system', nowMs });
  const context = { nowMs, newId, cloudlyId };
  const pages = new Map<number, ReadEvents>();
  let isMore = false;
  const moves = [];
  for (const stored of webhooks) {
    const { position, epoch } = stored.place;
    const page = pages.get(position) ?? (await readEvents(operator, position));
    pages.set(position, page);
    const move = planMove(stored, selectorOf(stored), page, { ...context, epoch });
    if (move) moves.push(move);
    if (move && (page.events.length === READ_AT_ONCE || move.to < lastPosition(page.events))) isMore = true;
  }
  if (moves.length === 0) return false;
  await store.webhooks.move(moves);
  return isMore;
}

async function readEvents(operator: OperatorStore, after: number): Promise<ReadEvents> {
  const events = await operator.listEvents({ after, limit: READ_AT_ONCE });
  const nodeIds = new Set(events.flatMap(({ nodeId }) => nodeId ?? []));
  const nodes = nodeIds.size === 0 ? [] : await operator.findFleetNodes([...nodeIds]);
  return { events, nodes: new Map(nodes.map((node) => [node.facts.nodeId, node])) };
}

function lastPosition(events: readonly FleetEvent[]): number {
  return events.at(-1)?.position ?? 0;
}

/** It was readable when it was saved. */
function selectorOf({ webhook: { selector } }: StoredWebhook): Selector | undefined {
  return selector === undefined ? undefined : parseSelector(selector);
}

function newId(): string {
  return `msg_${globalThis.crypto.randomUUID()}`;
}
