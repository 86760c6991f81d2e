import { ofNodes } from '../records/behalf.js';
import { deriveReported } from '../records/derive-node.js';
import type { FoldedBatch } from '../records/fold-batch.js';
import { nodeEvents } from '../records/node-events.js';
import type { FactsKeeping } from './facts-keeping.js';
import type { TellingQueries } from './telling.js';

/** Keeps what reports that are written change of the facts of their nodes, and tells it. */
export function createReportedFacts(facts: FactsKeeping) {
  return async (queries: TellingQueries, nodes: FoldedBatch['nodes']): Promise<void> => {
    const changed = new Map(nodes.flatMap((node) => (node.factsChange ? [[node.nodeId, node]] : [])));
    const found = await facts.read(queries, [...changed.keys()]);
    const derivedNodes = found.flatMap((sources) => {
      const folded = changed.get(sources.node.nodeId);
      if (!folded?.factsChange) return [];
      const reported = folded.status ? { ...sources, status: folded.status.status } : sources;
      return [{ folded, before: sources.before, derived: deriveReported(reported, folded.factsChange) }];
    });
    await facts.write(queries, derivedNodes);
    for (const { folded, derived } of derivedNodes) {
      const atMs = (folded.heartbeat ?? folded.status)?.receivedAtMs;
      const { nodeId } = folded;
      queries.tell(nodeEvents(ofNodes, nodeId, derived.changes, { atMs, askingNodeId: nodeId }));
    }
  };
}
