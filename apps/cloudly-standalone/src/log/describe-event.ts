import { escapeControls } from '@serve.zone/baseos-command-line';
import { problems, type RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { CloudlyEvent, RequestRefused } from '@serve.zone/baseos-cloudly-handlers';

/** What happened, in one line for a person. Nothing that a node sent can break the line or reach the terminal. */
export function describeEvent(event: CloudlyEvent): string {
  return escapeControls(sentence(event));
}

function sentence(event: CloudlyEvent): string {
  switch (event.kind) {
    case 'node-registered':
      return event.created
        ? `Node ${event.nodeId} is enrolled (${describeStatus(event.status)}); join token ${event.joinTokenId} let it in`
        : `Node ${event.nodeId} registered again and proved by its registration key that it is the same node`;
    case 'node-pending':
      return `Node ${event.nodeId} (${describeStatus(event.status)}) waits for approval, with the code ${event.approvalCode}`;
    case 'heartbeat-received': {
      const status = event.status ? `, with its status (${describeStatus(event.status)})` : ', status unchanged';
      return `Heartbeat ${event.sequence} of node ${event.nodeId}${status}${event.stored ? '' : '; late, so not kept'}`;
    }
    case 'node-token-issued':
      return `Node ${event.nodeId} is offered a new node token, ${event.nodeTokenId}`;
    case 'node-token-activated':
      return `Node ${event.nodeId} has taken up node token ${event.nodeTokenId}`;
    case 'node-rebound':
      return `Node ${event.nodeId} is another device from now on, with the code ${event.approvalCode}`;
    case 'clone-suspected':
      return `Two devices speak as node ${event.nodeId}, by the processes ${event.bootIds.join(', ')}: say which one stays`;
    case 'command-finished': {
      const { kind, id, result } = event.command;
      const error = result?.error ? ` (${result.error.code}: ${result.error.message})` : '';
      return `Node ${event.nodeId} has done with ${kind}, command ${id}: ${result?.outcome ?? 'no result'}${error}`;
    }
    case 'legacy-node-heard':
      return `Legacy node ${event.nodeId}: ${event.outcome}`;
    default:
      return describeRefusal(event);
  }
}

function describeRefusal({ endpoint, nodeId, approvalCode, code, status, detail }: RequestRefused): string {
  const what = endpoint === undefined ? 'A request' : `A ${endpoint} request`;
  const device = approvalCode === undefined ? '' : ` from the device with the approval code ${approvalCode}`;
  const from = nodeId === undefined ? '' : ` of node ${nodeId}${device}`;
  const { title, remedy } = problems[code];
  return `${what}${from} was refused with ${status} ${code}: ${title}${detail === undefined ? '' : ` (${detail})`}. ${remedy}`;
}

function describeStatus({ agent, host, supervisor }: RuntimeStatus): string {
  return `${agent.name} ${agent.version} on ${host.hostname ?? 'a host without a name'}, Supervisor ${supervisor.state}`;
}
