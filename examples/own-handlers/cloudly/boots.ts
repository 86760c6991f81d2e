import type { NodeRecord } from './fleet.ts';

/** A late request comes from one of the last processes; older ones are not remembered. */
const BOOTS_KEPT_MAX = 8;

/** A late request does not arrive after this time with a higher sequence. */
const RETURNS_APART_MS = 60_000;

/** A process that has not been seen before takes over from the one before it (H-5). */
export function recordBoot(node: NodeRecord, bootId: string): void {
  if (bootId === node.bootId || node.earlierBoots.some((boot) => boot.bootId === bootId)) return;
  const before = { bootId: node.bootId, lastSequence: node.lastSequence, returned: undefined };
  node.earlierBoots = [before, ...node.earlierBoots].slice(0, BOOTS_KEPT_MAX);
  node.bootId = bootId;
  node.lastSequence = 0;
  node.statusHash = undefined;
}

/**
 * A superseded process that returns twice with a rising sequence, at least a minute apart: two devices use the identity
 * of this node, for example because a disk was copied (C-1).
 */
export function recordReturn(node: NodeRecord, bootId: string, sequence: number, nowMs: number): void {
  const boot = node.earlierBoots.find((earlier) => earlier.bootId === bootId);
  if (!boot || sequence <= boot.lastSequence) return;
  boot.returned ??= { sequence, atMs: nowMs };
  const isSecond = sequence > boot.returned.sequence && nowMs - boot.returned.atMs >= RETURNS_APART_MS;
  if (isSecond) node.isCloneSuspected = true;
}

/** Whether a process is accepted by its token. A token that both devices have is valid only for the process that was kept. */
export function isAcceptedByToken(
  { cloneDecision, tokens, bootId }: NodeRecord,
  by: string,
  tokenHash: string,
): boolean {
  return cloneDecision === undefined || cloneDecision.isCarriedOut || by === bootId || tokenHash === tokens.next?.hash;
}

/** Whether a process is accepted by the registration key. */
export function isAcceptedByKey({ cloneDecision, bootId }: NodeRecord, by: string): boolean {
  return cloneDecision === undefined || by === bootId;
}

/** While a decision is carried out, an operator may have to correct it (C-9). */
export function noteRefused({ cloneDecision }: NodeRecord, bootId: string): void {
  if (!cloneDecision || cloneDecision.isCarriedOut || cloneDecision.refusedBootIds.includes(bootId)) return;
  cloneDecision.refusedBootIds = [bootId, ...cloneDecision.refusedBootIds].slice(0, BOOTS_KEPT_MAX);
}

/** The processes from which an operator chooses the one that stays. */
export function rivalBoots({ bootId, earlierBoots, cloneDecision }: NodeRecord): string[] {
  const returned = earlierBoots.filter((boot) => boot.returned).map((boot) => boot.bootId);
  return [bootId, ...returned, ...(cloneDecision?.refusedBootIds ?? [])];
}
