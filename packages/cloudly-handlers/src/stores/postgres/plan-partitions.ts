import type { HistoryResolution } from '../../fleet/history.js';

const DAY_MS = 24 * 3_600_000;

/** How much time a partition holds: what is kept is dropped in some such pieces. */
export const partitionSpansMs: Readonly<Record<HistoryResolution, number>> = { detail: DAY_MS, hours: 30 * DAY_MS };

/** So many are made before their time comes. */
const MADE_AHEAD = 2;

export interface Partition {
  name: string;
  fromMs: number;
  toMs: number;
}

export interface PartitionPlan {
  missing: Partition[];
  expired: Partition[];
}

/** Which partitions of a resolution are to be made and to be dropped, by the names of those that are there. */
export function planPartitions(
  resolution: HistoryResolution,
  { nowMs, oldestMs, names }: { nowMs: number; oldestMs: number; names: readonly string[] },
): PartitionPlan {
  const current = Math.floor(nowMs / partitionSpansMs[resolution]);
  const wanted = Array.from({ length: 1 + MADE_AHEAD }, (_, ahead) => partitionAt(resolution, current + ahead));
  const isThere = new Set(names);
  return {
    missing: wanted.filter(({ name, toMs }) => toMs > oldestMs && !isThere.has(name)),
    expired: names.flatMap((name) => {
      const partition = partitionOf(resolution, name);
      return partition && partition.toMs <= oldestMs ? [partition] : [];
    }),
  };
}

function partitionAt(resolution: HistoryResolution, index: number): Partition {
  const spanMs = partitionSpansMs[resolution];
  return { name: `history_${resolution}_${index}`, fromMs: index * spanMs, toMs: (index + 1) * spanMs };
}

/** `undefined` for a table that is not one of ours, such as the one for all the rest. */
function partitionOf(resolution: HistoryResolution, name: string): Partition | undefined {
  const index = /_(?<index>\d+)$/.exec(name)?.groups?.['index'];
  const partition = index === undefined ? undefined : partitionAt(resolution, Number(index));
  return partition?.name === name ? partition : undefined;
}
