import { escapeControls } from '@serve.zone/baseos-command-line';
import { describeCommandEvent } from './describe-command-event.js';
import { problems, type RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { HandlerEvent, RequestRefused } from '@serve.zone/baseos-cloudly-handlers';

/** What happened, in one line for a person. Nothing that a node sent can break the line or reach the terminal. */
export function describeEvent(event: HandlerEvent): string {
  return escapeControls(sentence(event));
}

function sentence(event: HandlerEvent): string {
  switch (event.kind) {
    case 'node-registered':
      return event.created
        ? `Node ${event.nodeId} enrolled (${describeStatus(event.status)}) with join token ${event.joinTokenId}`
        : `Node ${event.nodeId} registered again, and its registration key proved that it is the same node`;
    case 'node-pending':
      return `Node ${event.nodeId} (${describeStatus(event.status)}) waits for approval. Its approval code is ${event.approvalCode}`;
    case 'heartbeat-received': {
      const status = event.status ? `, with its status (${describeStatus(event.status)})` : ', status unchanged';
      return `Heartbeat ${event.sequence} of node ${event.nodeId}${status}${event.stored ? '' : '; it came too late and is not stored'}`;
    }
    case 'node-token-issued':
      return `Node ${event.nodeId} gets a new node token, ${event.nodeTokenId}`;
    case 'node-token-activated':
      return `Node ${event.nodeId} now uses node token ${event.nodeTokenId}`;
    case 'node-rebound':
      return `Node ${event.nodeId} is now the device with the approval code ${event.approvalCode}`;
    case 'clone-suspected':
      return `Two devices use the identity of node ${event.nodeId}: the processes ${event.bootIds.join(', ')}. Choose with \`node resolve\` which one stays`;
    case 'command-listed':
    case 'command-phase-changed':
    case 'command-finished':
    case 'command-ended':
      return describeCommandEvent(event);
    case 'legacy-node-heard':
      return `Legacy node ${event.nodeId}: ${event.outcome}`;
    case 'wait-ended':
      return waitEnds[event.end](event.nodeId);
    default:
      return describeRefusal(event);
  }
}

const waitEnds = {
  woken: (nodeId: string) => `Node ${nodeId} was woken`,
  'time-over': (nodeId: string) => `Node ${nodeId} waited, and there was nothing to tell it`,
  gone: (nodeId: string) => `Node ${nodeId} no longer waits: its connection is closed`,
} as const;

function describeRefusal({ endpoint, nodeId, approvalCode, code, status, detail }: RequestRefused): string {
  const what = endpoint === undefined ? 'A request' : `A ${endpoint} request`;
  const device = approvalCode === undefined ? '' : ` from the device with the approval code ${approvalCode}`;
  const from = nodeId === undefined ? '' : ` of node ${nodeId}${device}`;
  const { title, remedy } = problems[code];
  return `${what}${from} was rejected with ${status} ${code}: ${title}${detail === undefined ? '' : ` (${detail})`}. ${remedy}`;
}

function describeStatus({ agent, host, supervisor }: RuntimeStatus): string {
  return `${agent.name} ${agent.version} on ${host.hostname ?? 'a host without a name'}, Supervisor ${supervisor.state}`;
}
