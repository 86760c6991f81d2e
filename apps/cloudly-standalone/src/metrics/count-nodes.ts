import type { NodeStore } from '@serve.zone/baseos-cloudly-handlers';
import { Gauge, type Registry } from 'prom-client';
import { within } from '../time/within.js';

export interface CountNodesOptions {
  store: Pick<NodeStore, 'countNodes'>;
  now?: (() => number) | undefined;
}

/** Prometheus waits ten seconds for all of it unless told otherwise. */
const STORE_TIMEOUT_MS = 5000;

/** Tells at each reading how many nodes there are. */
export function countNodes(registry: Registry, { store, now = Date.now }: CountNodesOptions): void {
  const nodes = new Gauge({
    name: 'cloudly_nodes',
    help: 'All nodes of the fleet, by state. Active nodes are online or overdue.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counting = store.countNodes(now()).catch(() => undefined);
      const counts = await within(STORE_TIMEOUT_MS, counting, undefined);
      // What was true before is no answer to how it is now.
      nodes.reset();
      if (!counts) return;
      const { active, online, pending, revoked } = counts;
      const states = { online, overdue: active - online, pending, revoked };
      for (const [state, count] of Object.entries(states)) nodes.set({ state }, count);
    },
  });
}
