import { parseApprovalCode } from '@serve.zone/baseos-contracts';
import { changeNode } from '../fleet/change-node.js';
import { keepBoot } from '../fleet/clone-suspicion.js';
import type { FleetStore } from '../fleet/fleet-store.js';
import type { NodeRecord } from '../fleet/node-record.js';
import { voidTokens } from '../fleet/node-transition.js';
import { runtime } from '../fleet/runtime.js';

export interface OperatorOptions {
  /** @default Date.now */
  now?: (() => number) | undefined;
}

/**
 * Lets a node in that waits for approval: its next registration gets a node token. An operator compares the record's
 * `approvalCode` with the one that the device logs first. A node that is approved already stays as it is.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 */
export function approveNode(
  store: FleetStore,
  nodeId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  const nowMs = nowOf(options);
  return changeNode(store, nodeId, (node) =>
    node.approvedAtMs === undefined ? { ...node, approvedAtMs: nowMs } : node,
  );
}

/**
 * Shuts a node out: whatever it asks with its own token or key is answered with 410. Its record stays, so that nobody
 * else gets its node ID. A node that is revoked already stays as it is.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 */
export function revokeNode(
  store: FleetStore,
  nodeId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  const nowMs = nowOf(options);
  return changeNode(store, nodeId, (node) => {
    const { rebind: _ended, ...rest } = node;
    return node.revokedAtMs === undefined ? { ...rest, revokedAtMs: nowMs } : node;
  });
}

/**
 * Lifts a revocation: the node's own token or key is valid again, and the node returns on its own within about an hour.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 */
export function unrevokeNode(store: FleetStore, nodeId: string): Promise<NodeRecord | undefined> {
  return changeNode(store, nodeId, (node) => {
    const { revokedAtMs, ...rest } = node;
    return revokedAtMs === undefined ? node : rest;
  });
}

/** How long a device may take to come with its new registration key. */
const REBIND_WITHIN_MS = 24 * 3_600_000;

export interface RebindOptions extends OperatorOptions {
  /** The approval code that the other device logs when it registers; however it is typed. Nobody else gets the identity. */
  approvalCode: string;
}

/**
 * Lets another device have a node's identity, such as one that replaces a broken device: a registration for this node ID by
 * a good join token and the registration key that has the approval code, once and within 24 hours, makes that the only key,
 * and the tokens of the device before it void. It has no effect on a revoked node, and takes no use of the join token.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 * @throws TypeError for what is no approval code.
 */
export async function allowRebind(
  store: FleetStore,
  nodeId: string,
  options: RebindOptions,
): Promise<NodeRecord | undefined> {
  const code = parseApprovalCode(options.approvalCode);
  if (code === undefined) throw new TypeError('approvalCode must be an approval code: four groups of four characters');
  const rebind = { approvalCode: code, untilMs: nowOf(options) + REBIND_WITHIN_MS };
  return changeNode(store, nodeId, (node) => (node.revokedAtMs === undefined ? { ...node, rebind } : node));
}

/**
 * Says which of two devices with one identity keeps it, by the ID of its process: `rivalBoots(node)` has those to choose
 * from. That process gets a token that the other device does not have, and is the only one that is heard until the token has
 * been used. From then on the other one is refused with 401 and 409, whatever it does, and registers as a new node once its
 * identity is reset.
 *
 * The other device keeps the registration key, so the key proves nothing any more: should the kept device ever lose its
 * token, its identity has to be reset too. Where the kept process ends before it has used its new token, the next one is
 * refused as well; it is then among `rivalBoots(node)`, to be chosen once more.
 *
 * @returns the record as it is then, `undefined` when there is no such node, or the process is none of the rivals.
 */
export async function resolveClone(
  store: FleetStore,
  nodeId: string,
  keptBootId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  const nowMs = nowOf(options);
  let isRival = false;
  const changed = await changeNode(store, nodeId, (node) => {
    const kept = keepBoot(node, keptBootId, nowMs);
    isRival = kept !== undefined;
    return kept ?? node;
  });
  return isRival ? changed : undefined;
}

/**
 * Has a node's token replaced without waiting for its age: the next heartbeat gets a new one, and the old one stays good
 * until the node has used that. For a token that others know, {@link voidNodeTokens} is the remedy.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 */
export function rotateNodeToken(
  store: FleetStore,
  nodeId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  const rotationDemandedAtMs = nowOf(options);
  return changeNode(store, nodeId, (node) => ({ ...node, rotationDemandedAtMs }));
}

/**
 * Kills a token that leaked, or all tokens of a node where no `tokenId` is given, at once. The node comes back by its
 * registration key, which a thief of the token does not have. Nothing changes if no token of the node has this ID.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 */
export function voidNodeTokens(store: FleetStore, nodeId: string, tokenId?: string): Promise<NodeRecord | undefined> {
  return changeNode(store, nodeId, (node) => voidTokens(node, tokenId));
}

/**
 * Forgets a node, its history and its commands. Its node ID is free, and its tokens mean nothing; with a good join token
 * the device registers as a new node. To keep a device out, revoke its node instead.
 *
 * @returns whether there was such a node.
 */
export function forgetNode(store: FleetStore, nodeId: string): Promise<boolean> {
  return store.removeNode(nodeId);
}

function nowOf({ now }: OperatorOptions): number {
  return (now ?? runtime.now)();
}
