import { approvalCode, nodeIdSchema } from '@serve.zone/baseos-contracts';
import { addOrFindJoinToken } from '../fleet/add-or-find-join-token.js';
import type { NodeStore } from '../fleet/node-store.js';
import { sha256Hex } from '../fleet/hash.js';
import { LATEST_INSTANT_MS } from '../fleet/join-token.js';
import type { NodeRecord } from '../fleet/node-record.js';
import type { OperatorOptions } from './operator-event.js';
import { firstRevision } from '../fleet/node-transition.js';
import { LEGACY_BOOT_ID } from '../fleet/legacy-boot-id.js';
import { runtime } from '../fleet/runtime.js';

export interface AdoptedNode {
  nodeId: string;
  /** The token that the device has. The store keeps its hash. */
  nodeToken: string;
}

/** No device has this ID. It replaces the ID of the join token that admitted a node. */
const ADOPTED = 'adopted';

/**
 * Imports a legacy node that another Cloudly enrolled, with its present token, so that it continues without a
 * registration. The handlers serve it with the option `legacyNodes`.
 *
 * @returns the record, `undefined` when there is a node with this ID already.
 * @throws TypeError for a node ID that the contract does not allow.
 */
export async function adoptNode(
  store: Pick<NodeStore, 'addJoinToken' | 'findJoinToken' | 'createNode'>,
  { nodeId, nodeToken }: AdoptedNode,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  const result = nodeIdSchema['~standard'].validate(nodeId);
  if (result instanceof Promise || result.issues) {
    throw new TypeError('nodeId must have 1 to 128 characters of A-Z a-z 0-9 . _ - and start with a letter or digit');
  }
  const nowMs = (options.now ?? runtime.now)();
  await addOrFindJoinToken(store, {
    id: ADOPTED,
    // No text has this hash.
    hash: ADOPTED,
    createdAtMs: nowMs,
    expiresAtMs: LATEST_INSTANT_MS,
    maxUses: Number.MAX_SAFE_INTEGER,
    usedCount: 0,
    requiresApproval: false,
  });
  const node: NodeRecord = {
    nodeId: result.value,
    revision: firstRevision(runtime.randomBytes),
    approvalCode: await approvalCode(result.value),
    joinTokenId: ADOPTED,
    registeredAtMs: nowMs,
    approvedAtMs: nowMs,
    currentToken: { id: ADOPTED, hash: await sha256Hex(nodeToken), issuedAtMs: nowMs },
    bootId: LEGACY_BOOT_ID,
    supersededBoots: [],
  };
  return (await store.createNode(node, nowMs)) === 'created' ? node : undefined;
}
