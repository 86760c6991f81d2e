import type { LoopState } from './loop-state.js';

/**
 * Why Cloudly may no longer want what it listed before: it does not know this node, or not that it is the only one. Commands
 * that have not begun are then dropped; Cloudly lists them again once it accepts the node, if they are due. A Cloudly that
 * cannot be reached, or that rejects what is in a heartbeat, changes nothing. Pure.
 */
export function whyNotCommanded({
  node,
  connectivity,
  credential,
  cloneSuspected,
}: Pick<LoopState, 'node' | 'connectivity' | 'credential' | 'cloneSuspected'>): string | undefined {
  if (node === 'dormant') return 'Cloudly has revoked this node.';
  if (cloneSuspected) return 'Cloudly suspects that two devices use the identity of this node.';
  const isRejected = connectivity === 'rejected' && credential !== 'current';
  if (isRejected) return 'Cloudly rejects the token of this node.';
  return undefined;
}
