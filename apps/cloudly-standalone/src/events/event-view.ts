import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';
import type { NamedEvent } from './named-event.js';

/** An event as an operator's program may see it: with instants in RFC 3339. */
export function viewEvent({ event, nodeName }: NamedEvent): Record<string, unknown> {
  const { position, atMs, actor, nodeId, kind, details } = event;
  return { position, at: instant(atMs), actor, nodeId, nodeName, kind, details: viewDetails(details) };
}

const instants = new Set(['untilMs', 'fromMs', 'sinceMs']);

function viewDetails(details: FleetEvent['details']): Record<string, unknown> {
  const entries = Object.entries(details).map(([name, value]): [string, unknown] =>
    name.endsWith('AtMs') || instants.has(name) ? [name.replace(/Ms$/, ''), instant(value as number)] : [name, value],
  );
  return Object.fromEntries(entries);
}
