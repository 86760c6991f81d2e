import type { NodeRecord, SupersededBoot } from './node-record.js';

/** A late request does not come back after so long with a higher sequence. */
const RETURNS_APART_MS = 60_000;

/** A process that an operator has shut out is remembered among so many. */
const EXCLUDED_BOOTS_MAX = 16;

/**
 * Takes note of a heartbeat of a process that another one has taken over from. When such a process comes back twice with a
 * rising sequence, at least a minute apart, two devices speak as this node.
 */
export const noteReturn = (node: NodeRecord, bootId: string, sequence: number, nowMs: number): NodeRecord => {
  const boot = node.supersededBoots.find((superseded) => superseded.bootId === bootId);
  if (!boot || sequence <= boot.lastSequence) return node;
  const { returned } = boot;
  if (!returned) return withBoot(node, { ...boot, returned: { sequence, atMs: nowMs } });
  if (node.cloneSuspectedAtMs !== undefined) return node;
  const isSecondReturn = sequence > returned.sequence && nowMs - returned.atMs >= RETURNS_APART_MS;
  return isSecondReturn ? { ...node, cloneSuspectedAtMs: nowMs } : node;
};

const withBoot = (node: NodeRecord, changed: SupersededBoot): NodeRecord => ({
  ...node,
  supersededBoots: node.supersededBoots.map((boot) => (boot.bootId === changed.bootId ? changed : boot)),
});

/** The processes of which an operator chooses one: the one that took over last, and those that came back. */
export const rivalBoots = ({ bootId, supersededBoots }: NodeRecord): string[] => [
  bootId,
  ...supersededBoots.flatMap((boot) => (boot.returned ? [boot.bootId] : [])),
];

export const isExcluded = ({ excludedBootIds }: NodeRecord, bootId: string): boolean =>
  excludedBootIds.includes(bootId);

/**
 * One process keeps the identity, and its rivals are shut out. Its token is to be replaced, since the other device has it
 * as well. `undefined` when it is none of the rivals.
 */
export const keepBoot = (node: NodeRecord, keptBootId: string, nowMs: number): NodeRecord | undefined => {
  const rivals = rivalBoots(node);
  if (!rivals.includes(keptBootId)) return undefined;
  const { cloneSuspectedAtMs: _settled, ...rest } = node;
  const excluded = rivals.filter((bootId) => bootId !== keptBootId);
  return {
    ...rest,
    bootId: keptBootId,
    supersededBoots: node.supersededBoots.filter(({ bootId }) => !rivals.includes(bootId)),
    excludedBootIds: [...excluded, ...node.excludedBootIds].slice(0, EXCLUDED_BOOTS_MAX),
    rotationDemandedAtMs: nowMs,
  };
};
