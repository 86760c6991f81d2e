import type { HistoryKept } from '../../fleet/history.js';
import { type FoldedReports, foldReports, type Presence } from './fold-reports.js';
import type { SentReport } from './report-batch.js';

export interface FoldedBatch {
  /** Whether each report is kept, in the order of the reports. */
  kept: boolean[];
  /** The data to write, by node. */
  nodes: (FoldedReports & { nodeId: string })[];
}

/**
 * Judges reports of many nodes that are written together.
 *
 * @param presenceOf what is kept of a node; `undefined` for an unknown node, whose reports are not kept.
 */
export function foldBatch(
  reports: readonly SentReport[],
  presenceOf: (nodeId: string) => Presence | undefined,
  historyKept: HistoryKept,
): FoldedBatch {
  const kept = new Set<SentReport>();
  const nodes: FoldedBatch['nodes'] = [];
  for (const [nodeId, sent] of groupByNode(reports)) {
    const presence = presenceOf(nodeId);
    if (!presence) continue;
    const reportsOfNode = sent.map(({ report }) => report);
    const folded = foldReports(presence, reportsOfNode, historyKept);
    nodes.push({ nodeId, ...folded });
    for (const [index, one] of sent.entries()) if (folded.kept[index]) kept.add(one);
  }
  return { kept: reports.map((one) => kept.has(one)), nodes };
}

function groupByNode(reports: readonly SentReport[]): Map<string, SentReport[]> {
  const groups = new Map<string, SentReport[]>();
  for (const report of reports) {
    const group = groups.get(report.nodeId);
    if (group) group.push(report);
    else groups.set(report.nodeId, [report]);
  }
  return groups;
}
