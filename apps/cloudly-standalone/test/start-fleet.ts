import statusExample from '@serve.zone/baseos-contracts/examples/runtime-status.json' with { type: 'json' };
import { type CallerFleet, createFleet, fleetFor } from '@serve.zone/baseos-cloudly-handlers';
import type { StandaloneCloudly } from '../src/service/start-standalone-cloudly.js';
import { createEmulatedNode, type EmulatedNode } from './emulated-node.js';
import { type CommandRun, runCommand } from './run-command.js';
import { startServer } from './start-server.js';

export interface NodeSeed {
  hostname: string;
  labels?: Record<string, string>;
  requiresApproval?: boolean;
  /** The release that it runs. */
  commit?: string;
}

export interface SeededNode extends EmulatedNode {
  hostname: string;
  nodeToken: string;
}

export interface SeededFleet {
  cloudly: StandaloneCloudly;
  data: string;
  /** For somebody who may do everything. */
  fleet: CallerFleet;
  nodes: SeededNode[];
  nodeId: (hostname: string) => string;
  /** Runs a command of an operator beside the server. */
  run: (...argv: string[]) => Promise<CommandRun>;
}

/** A server with nodes that have registered, and can be told apart. */
export async function startFleet(seeds: readonly NodeSeed[]): Promise<SeededFleet> {
  const cloudly = await startServer();
  const { data, store, url } = cloudly;
  const fleet = fleetFor(createFleet({ store }), { actor: 'host:test', role: 'admin' });
  const nodes: SeededNode[] = [];
  for (const { hostname, labels, requiresApproval, commit } of seeds) {
    const { joinToken } = await fleet.createJoinToken({ labels, requiresApproval });
    const node = createEmulatedNode();
    const { nodeToken = '' } = await node.register(url, joinToken, { status: statusOf(hostname, commit) });
    nodes.push({ ...node, hostname, nodeToken });
  }
  return {
    cloudly,
    data,
    fleet,
    nodes,
    nodeId: (hostname) => nodes.find((node) => node.hostname === hostname)?.nodeId ?? 'none',
    run: (...argv) => runCommand(...argv, '--data', data),
  };
}

/** What a device with this host name and release reports. */
export function statusOf(hostname: string, commit?: string): object {
  const { host, supervisor, ...status } = statusExample;
  const { device } = supervisor;
  return {
    ...status,
    host: { ...host, hostname },
    supervisor: { ...supervisor, device: { ...device, ...(commit !== undefined && { commit }) } },
  };
}

/** Nodes of two shops: `a-1` to `a-3` and `b-1`, which waits for approval. */
export const twoShops: readonly NodeSeed[] = [
  { hostname: 'a-1', labels: { shop: 'a' }, commit: 'a'.repeat(32) },
  { hostname: 'a-2', labels: { shop: 'a', canary: '' }, commit: 'b'.repeat(32) },
  { hostname: 'a-3', labels: { shop: 'a' }, commit: 'a'.repeat(32) },
  { hostname: 'b-1', labels: { shop: 'b' }, requiresApproval: true },
];
