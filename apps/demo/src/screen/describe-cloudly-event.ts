import {
  type HandlerEvent,
  describeEvent,
  type HeartbeatReceived,
  type NodeRegistered,
} from '@serve.zone/baseos-cloudly-standalone';

type RuntimeStatus = NodeRegistered['status'];

interface App {
  appId: number;
  name?: string | undefined;
  /** The release that it is at. */
  commit?: string | undefined;
}

/** What Cloudly did with a request of the node: the sender, the stored data, the answer. */
export function describeCloudlyEvent(event: HandlerEvent): string {
  switch (event.kind) {
    case 'node-registered':
      return describeRegistration(event);
    case 'node-pending':
      return `The node asked to register and waits for approval. Its approval code is ${event.approvalCode}.`;
    case 'heartbeat-received':
      return describeHeartbeat(event);
    case 'node-token-issued':
      return `Issued a new node token to the node, ${event.nodeTokenId}.`;
    case 'node-token-activated':
      return 'The node used its node token for the first time, which proves that it has stored it. From now on only this token counts.';
    default:
      return describeEvent(event);
  }
}

function describeRegistration({ created, nodeId, joinTokenId, nodeTokenId, status }: NodeRegistered): string {
  if (!created) return `The node registered again. Its registration key proves that it is the same node, ${nodeId}.`;
  return (
    `A device asked to register with the join token: ${describeStatus(status)}.\n` +
    `Stored it as node ${nodeId} and used up join token ${joinTokenId}.\n` +
    `Answered with a secret for this node, node token ${nodeTokenId}. Only its hash is stored here.`
  );
}

function describeHeartbeat({ sequence, vitals, status, stored }: HeartbeatReceived): string {
  const seconds = Math.round(vitals.agentUptimeMs / 1000);
  const megabytes = Math.round(vitals.agentRssBytes / 1_000_000);
  const news = status === undefined ? 'status unchanged' : `with its status: ${describeStatus(status)}`;
  const result = stored ? 'Stored and acknowledged it.' : 'Acknowledged it; a newer one is already stored.';
  return `Heartbeat ${sequence} of the node: up for ${seconds} s, ${megabytes} MB of memory, ${news}. ${result}`;
}

function describeStatus({ agent, host, supervisor }: RuntimeStatus): string {
  const device = `${agent.name} ${agent.version} on ${host.hostname ?? 'an unnamed host'}`;
  if (supervisor.state !== 'available') return `${device}, Supervisor ${supervisor.state}`;
  const update = supervisor.device.updatePending ? ', with an update under way' : '';
  return `${device}, its Supervisor runs ${describeApps(supervisor.apps)}${update}`;
}

function describeApps(apps: readonly App[]): string {
  if (apps.length === 0) return 'no app';
  return apps.map(({ name, appId, commit }) => `app ${name ?? appId} at release ${shortRelease(commit)}`).join(', ');
}

function shortRelease(commit: string | undefined): string {
  return commit === undefined ? 'unknown' : commit.slice(0, 7);
}
