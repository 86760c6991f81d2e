import type { NodeRecord, SupersededBoot } from './node-record.js';

/** A late request does not arrive after this time with a higher sequence. */
const RETURNS_APART_MS = 60_000;

/** The maximum number of processes that are remembered while an operator's decision is carried out. */
const CLAIMANTS_MAX = 8;

/**
 * Records a heartbeat of a superseded process. If such a process returns twice with a rising sequence, at least a
 * minute apart, two devices use the identity of this node.
 */
export function recordReturn(node: NodeRecord, bootId: string, sequence: number, nowMs: number): NodeRecord {
  const boot = node.supersededBoots.find((superseded) => superseded.bootId === bootId);
  if (!boot || sequence <= boot.lastSequence) return node;
  const { returned } = boot;
  if (!returned) return withBoot(node, { ...boot, returned: { sequence, atMs: nowMs } });
  if (node.cloneSuspectedAtMs !== undefined) return node;
  const isSecondReturn = sequence > returned.sequence && nowMs - returned.atMs >= RETURNS_APART_MS;
  return isSecondReturn ? { ...node, cloneSuspectedAtMs: nowMs } : node;
}

function withBoot(node: NodeRecord, changed: SupersededBoot): NodeRecord {
  return {
    ...node,
    supersededBoots: node.supersededBoots.map((boot) => (boot.bootId === changed.bootId ? changed : boot)),
  };
}

/**
 * The processes from which an operator chooses one: the one that took over last, those that returned, and those that
 * appeared while an earlier decision was carried out.
 */
export function rivalBoots({ bootId, supersededBoots, cloneResolution }: NodeRecord): string[] {
  return [
    ...new Set([
      bootId,
      ...supersededBoots.flatMap((boot) => (boot.returned ? [boot.bootId] : [])),
      ...(cloneResolution?.claimantBootIds ?? []),
    ]),
  ];
}

/** Whether there is something for an operator to decide. */
export function isContested({ cloneSuspectedAtMs, cloneResolution }: NodeRecord): boolean {
  return cloneSuspectedAtMs !== undefined || (cloneResolution?.claimantBootIds ?? []).length > 0;
}

/**
 * One process keeps the identity. The token that it shares with the other device must be replaced; until it has used
 * the new one, every other process is rejected. A new token that was already issued may have reached the other device,
 * so it is invalid. `undefined` if the process is not one of the rivals.
 */
export function keepBoot(node: NodeRecord, keptBootId: string, nowMs: number): NodeRecord | undefined {
  const rivals = rivalBoots(node);
  if (!rivals.includes(keptBootId)) return undefined;
  const { cloneSuspectedAtMs: _settled, nextToken: _void, ...rest } = node;
  return {
    ...rest,
    bootId: keptBootId,
    supersededBoots: node.supersededBoots.filter(({ bootId }) => !rivals.includes(bootId)),
    cloneResolution: { atMs: nowMs, claimantBootIds: [] },
    rotationDemandedAtMs: nowMs,
  };
}

/** Whether a process is accepted by its token. A token that both devices have is valid only for the process that was kept. */
export function isAcceptedByToken(node: NodeRecord, bootId: string, presentedHash: string): boolean {
  return (
    node.cloneResolution?.claimantBootIds === undefined ||
    bootId === node.bootId ||
    presentedHash === node.nextToken?.hash
  );
}

/** Whether a process is accepted by the registration key. */
export function isAcceptedByKey(node: NodeRecord, bootId: string): boolean {
  return node.cloneResolution === undefined || bootId === node.bootId;
}

/** Records a rejected process, because it may still be that of the kept device. */
export function noteClaimant(node: NodeRecord, bootId: string): NodeRecord {
  const { cloneResolution } = node;
  const claimants = cloneResolution?.claimantBootIds;
  if (!cloneResolution || !claimants || claimants.includes(bootId)) return node;
  const claimantBootIds = [bootId, ...claimants].slice(0, CLAIMANTS_MAX);
  return { ...node, cloneResolution: { ...cloneResolution, claimantBootIds } };
}
