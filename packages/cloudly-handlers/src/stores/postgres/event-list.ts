import type { EventQuery } from '../../fleet-store/fleet-store.js';
import type { Scope } from '../../selector/selector.js';
import { eventRowColumns as columns } from '../records/event-rows.js';
import { inScope, scopeValue } from './in-scope.js';
import type { Statement } from './statement.js';

export interface EventList {
  statement: Statement;
  values: unknown[];
}

/**
 * The statement that lists events. Every form of it reads an index in the order of positions, and no more than a page of it unless
 * a scope hides what is there.
 */
export function eventList(schema: string, query: EventQuery, scope: Scope | undefined): EventList {
  const { after, before, nodeId, kinds, isAudit, limit } = query;
  const isForward = after !== undefined;
  const values: unknown[] = [isForward ? after : (before ?? Number.MAX_SAFE_INTEGER), limit];
  const parameter = (value: unknown): `$${number}` => `$${values.push(value)}`;

  const conditions = [`event.position ${isForward ? '>' : '<'} $1`];
  if (isForward && before !== undefined) conditions.push(`event.position < ${parameter(before)}`);
  if (isAudit) conditions.push('event.is_audit');
  if (nodeId !== undefined) conditions.push(ofTimeline(schema, parameter(nodeId)));
  if (scope) conditions.push(ofKnownNode(schema), inScope(schema, 'event.node_id', parameter(scopeValue(scope))));
  const order = `ORDER BY event.position ${isForward ? '' : 'DESC '}LIMIT $2`;
  const list = (condition: string): string => `
      SELECT ${columns} FROM ${schema}.event WHERE ${[...conditions, condition].join(' AND ')} ${order}`;

  const text = kinds ? listKinds(list, order, parameter([...new Set(kinds)])) : list('true');
  return { statement: { text }, values };
}

/** A page of each kind, and of these the first: a kind may be rare among all events. */
function listKinds(list: (condition: string) => string, order: string, kinds: string): string {
  return `
      SELECT event.* FROM unnest(${kinds}::text[]) AS wanted (kind)
      CROSS JOIN LATERAL (${list('event.kind = wanted.kind')}) AS event ${order}`;
}

/** Since the registration of the node, or the last one of a node that is forgotten. */
function ofTimeline(schema: string, nodeId: string): string {
  return `event.node_id = ${nodeId} AND event.registered_at_ms = coalesce(
        (SELECT registered_at_ms FROM ${schema}.node_fact WHERE node_fact.node_id = ${nodeId}),
        (SELECT registered_at_ms FROM ${schema}.event WHERE event.node_id = ${nodeId} ORDER BY position DESC LIMIT 1)
      )`;
}

/** Who had the ID before may have been in another scope. */
function ofKnownNode(schema: string): string {
  return `EXISTS (
        SELECT FROM ${schema}.node_fact
        WHERE node_fact.node_id = event.node_id AND node_fact.registered_at_ms = event.registered_at_ms
      )`;
}
