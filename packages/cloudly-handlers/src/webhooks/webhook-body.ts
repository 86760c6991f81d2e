import type { FleetEvent } from '../events/fleet-event.js';
import { type NodeFacts, shownName } from '../facts/node-facts.js';

/** The node that an event is about, as it was when the event was queued. */
export interface SentNode {
  id: string;
  /** Its name, or its host name; absent if it has neither. */
  name?: string;
  labels: Readonly<Record<string, string>>;
}

/** What is sent, in the form that Standard Webhooks recommends. */
export interface WebhookBody {
  /** The kind of the event. */
  type: string;
  /** When it happened (RFC 3339). */
  timestamp: string;
  data: {
    cloudlyId: string;
    /** Positions of different epochs are of different lists. */
    epoch: string;
    /** By which a receiver can order what it gets. Absent for a test. */
    position?: number;
    actor: string;
    /** Absent for events of the fleet as a whole, and of a node that is forgotten. */
    node?: SentNode;
    /** Also of a node that is forgotten. */
    nodeId?: string;
    details: object;
  };
}

export interface BodyContext {
  cloudlyId: string;
  epoch: string;
}

/** The body of an event. It is made once, so that every attempt sends the same bytes. */
export function webhookBody(
  event: FleetEvent,
  node: { facts: NodeFacts; labels: SentNode['labels'] } | undefined,
  { cloudlyId, epoch }: BodyContext,
): string {
  const { kind, atMs, position, actor, nodeId, details } = event;
  const body: WebhookBody = {
    type: kind,
    timestamp: new Date(atMs).toISOString(),
    data: {
      cloudlyId,
      epoch,
      position,
      actor,
      ...(nodeId !== undefined && { nodeId }),
      ...(node && { node: sentNode(node) }),
      details,
    },
  };
  return JSON.stringify(body);
}

/** The body of a test. */
export function testBody({ actor, atMs }: Pick<FleetEvent, 'actor' | 'atMs'>, context: BodyContext): string {
  const body: WebhookBody = {
    type: 'webhook-test',
    timestamp: new Date(atMs).toISOString(),
    data: { ...context, actor, details: {} },
  };
  return JSON.stringify(body);
}

function sentNode({ facts, labels }: { facts: NodeFacts; labels: SentNode['labels'] }): SentNode {
  const name = shownName(facts);
  return { id: facts.nodeId, ...(name !== undefined && { name }), labels };
}
