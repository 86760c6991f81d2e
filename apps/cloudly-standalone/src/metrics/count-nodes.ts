import { type NodeState, nodeStates } from '@serve.zone/baseos-cloudly-handlers';
import { Gauge, type Registry } from 'prom-client';
import { within } from '../time/within.js';

export interface CountNodesOptions {
  countStates: () => Promise<Readonly<Record<NodeState, number>>>;
}

/** Prometheus waits ten seconds for all of it unless told otherwise. */
export const STORE_TIMEOUT_MS = 5000;

/** Tells at each reading how many nodes there are. */
export function countNodes(registry: Registry, { countStates }: CountNodesOptions): void {
  const nodes = new Gauge({
    name: 'cloudly_nodes',
    help: 'All nodes of the fleet, by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counting = countStates().catch(() => undefined);
      const counts = await within(STORE_TIMEOUT_MS, counting, undefined);
      // What was true before is no answer to how it is now.
      nodes.reset();
      if (!counts) return;
      for (const state of nodeStates) nodes.set({ state }, counts[state]);
    },
  });
}
