import type { HandlerEvent, CommandRecord } from '@serve.zone/baseos-cloudly-handlers';
import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { LogEntry, LogFields } from './create-log.js';
import { describeEvent } from './describe-event.js';

/** What happened, for the log: without status and vitals, which would be too much. */
export function eventEntry(event: HandlerEvent): LogEntry {
  return { level: levelOf(event), event: event.kind, message: describeEvent(event), fields: fieldsOf(event) };
}

/** Heartbeats happen all the time; requests for paths that do not exist come from scanners or from `doctor`. */
function levelOf(event: HandlerEvent): LogLevel {
  switch (event.kind) {
    case 'heartbeat-received':
    case 'wait-ended':
      return 'debug';
    case 'legacy-node-heard':
      return event.outcome === 'heartbeat' ? 'debug' : 'info';
    case 'request-refused':
      return isQuiet(event) ? 'debug' : 'warn';
    case 'clone-suspected':
      return 'warn';
    case 'command-ended':
      return event.state === 'unknown' ? 'warn' : 'info';
    default:
      return 'info';
  }
}

/** A node that may not wait hears of everything with its next heartbeat. */
function isQuiet({ endpoint, code }: Extract<HandlerEvent, { kind: 'request-refused' }>): boolean {
  if (code === 'not-found' || code === 'method-not-allowed') return true;
  return endpoint === 'wake' && (code === 'rate-limited' || code === 'unavailable');
}

/** Each is named here, so that nothing new from a node gets into a log unintentionally. */
function fieldsOf(event: HandlerEvent): LogFields {
  switch (event.kind) {
    case 'node-registered': {
      const { nodeId, bootId, created, joinTokenId, nodeTokenId } = event;
      return { nodeId, bootId, created, joinTokenId, nodeTokenId };
    }
    case 'node-pending': {
      const { nodeId, bootId, created, joinTokenId, approvalCode } = event;
      return { nodeId, bootId, created, joinTokenId, approvalCode };
    }
    case 'heartbeat-received': {
      const { nodeId, bootId, sequence, stored, sendFullStatus } = event;
      return { nodeId, bootId, sequence, stored, sendFullStatus };
    }
    case 'node-token-issued':
    case 'node-token-activated':
      return { nodeId: event.nodeId, nodeTokenId: event.nodeTokenId };
    case 'node-rebound':
      return { nodeId: event.nodeId, approvalCode: event.approvalCode };
    case 'clone-suspected':
      return { nodeId: event.nodeId, bootIds: event.bootIds };
    case 'command-listed':
    case 'command-phase-changed':
    case 'command-finished':
    case 'command-ended':
      return commandFields(event);
    case 'legacy-node-heard':
      return { nodeId: event.nodeId, outcome: event.outcome };
    case 'wait-ended':
      return { nodeId: event.nodeId, end: event.end };
    default: {
      const { nodeId, approvalCode, endpoint, code, status, detail } = event;
      return { nodeId, approvalCode, endpoint, code, status, detail };
    }
  }
}

type CommandEvent = Extract<HandlerEvent, { command: CommandRecord }>;

function commandFields(event: CommandEvent): LogFields {
  const { id, kind, running, result } = event.command;
  const fields = { nodeId: event.nodeId, commandId: id, command: kind };
  switch (event.kind) {
    case 'command-phase-changed':
      return { ...fields, phase: running?.phase, phaseBefore: event.phaseBefore };
    case 'command-finished': {
      const { outcome, error } = result ?? {};
      return { ...fields, outcome, errorCode: error?.code, stateBefore: event.stateBefore };
    }
    case 'command-ended':
      return { ...fields, state: event.state };
    default:
      return fields;
  }
}
