import { commandKinds } from '@serve.zone/baseos-contracts';
import { type HandlerEvent, commandState } from '@serve.zone/baseos-cloudly-handlers';
import { Counter, type Registry } from 'prom-client';

/** Counts what the handlers did with requests. */
export function countEvents(registry: Registry): (event: HandlerEvent) => void {
  const registers = [registry];
  const registrations = new Counter({
    name: 'cloudly_registrations_total',
    help: 'Accepted registrations: of new nodes, known nodes, nodes that wait for approval, and legacy nodes.',
    labelNames: ['outcome'],
    registers,
  });
  const heartbeats = new Counter({
    name: 'cloudly_heartbeats_total',
    help: 'Accepted heartbeats: stored, too late to be stored, and those of legacy nodes.',
    labelNames: ['outcome'],
    registers,
  });
  const refusals = new Counter({
    name: 'cloudly_refusals_total',
    help: 'Rejected requests, by problem code.',
    labelNames: ['endpoint', 'code'],
    registers,
  });
  const nodeEvents = new Counter({
    name: 'cloudly_node_events_total',
    help: 'Other events of nodes.',
    labelNames: ['event'],
    registers,
  });
  const commands = new Counter({
    name: 'cloudly_commands_total',
    help: 'Commands that came into a state: listed to their node, running, each outcome, and the ends without a result.',
    labelNames: ['kind', 'state'],
    registers,
  });
  const waits = new Counter({
    name: 'cloudly_waits_total',
    help: 'Requests that waited to be woken, by how they ended. Those that were refused are among the refusals.',
    labelNames: ['end'],
    registers,
  });
  for (const end of ['woken', 'time-over', 'gone']) waits.inc({ end }, 0);
  // A series that begins at its first event hides that event from a rate.
  for (const outcome of ['created', 'known', 'pending', 'legacy']) registrations.inc({ outcome }, 0);
  for (const outcome of ['kept', 'late', 'legacy']) heartbeats.inc({ outcome }, 0);
  for (const kind of commandKinds) {
    for (const state of ['listed', 'succeeded', 'failed', 'unknown']) commands.inc({ kind, state }, 0);
  }
  return (event) => {
    switch (event.kind) {
      case 'node-registered':
        return registrations.inc({ outcome: event.created ? 'created' : 'known' });
      case 'node-pending':
        return registrations.inc({ outcome: 'pending' });
      case 'heartbeat-received':
        return heartbeats.inc({ outcome: event.stored ? 'kept' : 'late' });
      case 'legacy-node-heard':
        return (event.outcome === 'heartbeat' ? heartbeats : registrations).inc({ outcome: 'legacy' });
      case 'request-refused':
        return refusals.inc({ endpoint: event.endpoint ?? 'other', code: event.code });
      case 'wait-ended':
        return waits.inc({ end: event.end });
      case 'command-listed':
        return commands.inc({ kind: event.command.kind, state: 'listed' });
      case 'command-phase-changed':
        return event.phaseBefore === undefined && commands.inc({ kind: event.command.kind, state: 'running' });
      case 'command-finished':
        return commands.inc({ kind: event.command.kind, state: commandState(event.command, event.atMs) });
      case 'command-ended':
        return commands.inc({ kind: event.command.kind, state: event.state });
      default:
        return nodeEvents.inc({ event: event.kind });
    }
  };
}
