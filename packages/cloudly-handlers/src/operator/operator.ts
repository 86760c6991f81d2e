import { parseApprovalCode } from '@serve.zone/baseos-contracts';
import { changeNode, type NodeChanges } from '../fleet/change-node.js';
import { keepBoot } from '../fleet/clone-suspicion.js';
import type { NodeStore } from '../fleet/node-store.js';
import type { NodeRecord } from '../fleet/node-record.js';
import { voidTokens } from '../fleet/node-transition.js';
import { announce, nowOf, type OperatorOptions, type Rings } from './operator-event.js';

/**
 * Approves a node that waits for approval: its next registration gets a node token. First compare the record's
 * `approvalCode` with the one that the device logs. A node that is already approved does not change.
 *
 * @returns the resulting record, `undefined` if there is no such node.
 */
export async function approveNode(
  store: NodeChanges & Rings,
  nodeId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  const nowMs = nowOf(options);
  const approved = await changeNode(store, nodeId, (node) =>
    node.approvedAtMs === undefined ? { ...node, approvedAtMs: nowMs } : node,
  );
  if (approved) await announce(store, nodeId, { kind: 'node-approved' }, options);
  return approved;
}

/**
 * Locks a node out: every request with its own token or key is answered with 410. Its record stays, so that its node ID
 * stays reserved. A node that is already revoked does not change.
 *
 * @returns the resulting record, `undefined` if there is no such node.
 */
export function revokeNode(
  store: NodeChanges,
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
 * @returns the resulting record, `undefined` if there is no such node.
 */
export function unrevokeNode(store: NodeChanges, nodeId: string): Promise<NodeRecord | undefined> {
  return changeNode(store, nodeId, (node) => {
    const { revokedAtMs, ...rest } = node;
    return revokedAtMs === undefined ? node : rest;
  });
}

/** How long a device may take to register with its new registration key. */
const REBIND_WITHIN_MS = 24 * 3_600_000;

export interface RebindOptions extends OperatorOptions {
  /**
   * The approval code that the other device logs when it registers, in any spelling. Only that device gets the
   * identity.
   */
  approvalCode: string;
}

/**
 * Lets another device take over a node's identity, for example to replace a broken device. A registration for this node
 * ID with a valid join token and the registration key that has the approval code, once and within 24 hours, makes that
 * key the only one and invalidates the tokens of the previous device. It has no effect on a revoked node, and counts no
 * use of the join token.
 *
 * @returns the resulting record, `undefined` if there is no such node.
 * @throws TypeError for an invalid approval code.
 */
export async function allowRebind(
  store: NodeChanges,
  nodeId: string,
  options: RebindOptions,
): Promise<NodeRecord | undefined> {
  const code = parseApprovalCode(options.approvalCode);
  if (code === undefined) throw new TypeError('approvalCode must be an approval code: four groups of four characters');
  const rebind = { approvalCode: code, untilMs: nowOf(options) + REBIND_WITHIN_MS };
  return changeNode(store, nodeId, (node) => (node.revokedAtMs === undefined ? { ...node, rebind } : node));
}

/**
 * Chooses which of two devices with one identity keeps it, by the ID of its process: `rivalBoots(node)` lists the
 * candidates. That process gets a token that the other device does not have, and all others are rejected until the
 * token has been used. From then on the other device is rejected with 401 and 409, and registers as a new node once its
 * identity is reset.
 *
 * The other device keeps the registration key, so the key no longer proves anything: if the kept device ever loses its
 * token, its identity must be reset, too. If the kept process ends before it has used its new token, the next one is
 * also rejected; it is then among `rivalBoots(node)` and can be chosen again.
 *
 * @returns the record as it is then, `undefined` when there is no such node, or the process is not one of the rivals.
 */
export async function resolveClone(
  store: NodeChanges,
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
 * Replaces a node's token regardless of its age: the next heartbeat gets a new one, and the old one stays valid until
 * the node has used the new one. For a leaked token, {@link voidNodeTokens} is the remedy.
 *
 * @returns the resulting record, `undefined` if there is no such node.
 */
export async function rotateNodeToken(
  store: NodeChanges & Rings,
  nodeId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  const rotationDemandedAtMs = nowOf(options);
  const node = await changeNode(store, nodeId, (before) => ({ ...before, rotationDemandedAtMs }));
  if (node) await announce(store, nodeId, { kind: 'node-token-rotation-demanded' }, options);
  return node;
}

/**
 * Revokes a leaked token, or all tokens of a node if no `tokenId` is given, at once. The node re-enrols with its
 * registration key, which a thief of the token does not have. Nothing changes if no token of the node has this ID.
 *
 * @returns the resulting record, `undefined` if there is no such node.
 */
export function voidNodeTokens(store: NodeChanges, nodeId: string, tokenId?: string): Promise<NodeRecord | undefined> {
  return changeNode(store, nodeId, (node) => voidTokens(node, tokenId));
}

/**
 * Forgets a node, its history and its commands. Its node ID is free, and its tokens are no longer valid; with a valid
 * join token the device registers as a new node. To keep a device out, revoke its node instead.
 *
 * @returns whether there was such a node.
 */
export function forgetNode(store: Pick<NodeStore, 'removeNode'>, nodeId: string): Promise<boolean> {
  return store.removeNode(nodeId);
}
