import {
  type HandlerEvent,
  type CommandRecord,
  type CommandState,
  hasBegun,
  isCommandOver,
} from '@serve.zone/baseos-cloudly-handlers';

type CommandEvent = Extract<HandlerEvent, { command: CommandRecord }>;

/** What happened to a command, in a sentence for a person. */
export function describeCommandEvent(event: CommandEvent): string {
  const { nodeId, command } = event;
  const name = `the command ${command.id} (${command.kind})`;
  switch (event.kind) {
    case 'command-listed':
      return `Sent ${name} to node ${nodeId}`;
    case 'command-phase-changed': {
      const { running } = command;
      const verb = running && hasBegun(running) ? 'carries out' : 'waits to begin';
      const reason = running?.reason === undefined ? '' : ` (${running.reason})`;
      return `Node ${nodeId} ${verb} ${name}: ${running?.phase ?? 'phase unknown'}${reason}`;
    }
    case 'command-finished': {
      const { outcome = 'no result', error } = command.result ?? {};
      const why = error ? ` (${error.code}: ${error.message})` : '';
      return `Node ${nodeId} finished ${name}: ${outcome}${why}${lateness(event.stateBefore)}`;
    }
    default:
      return event.state === 'expired'
        ? `Node ${nodeId} sent no heartbeat to receive ${name} in time: it has expired`
        : `Node ${nodeId} has reported no result for ${name} in time: its outcome is unknown. A later result still counts`;
  }
}

function lateness(stateBefore: CommandState): string {
  return isCommandOver(stateBefore) ? `. Until now it was ${stateBefore}` : '';
}
