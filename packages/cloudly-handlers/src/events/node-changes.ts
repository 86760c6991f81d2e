import { rivalBoots } from '../fleet/clone-suspicion.js';
import type { NodeRecord } from '../fleet/node-record.js';
import { crashLoopOf } from './crash-loop.js';
import type { NodeChange } from './fleet-event.js';
import { voidedTokens } from './voided-tokens.js';

/** What is told of a node that is new. */
export function changesOfCreation({ joinTokenId, approvedAtMs, approvalCode }: NodeRecord): NodeChange[] {
  const details = { joinTokenId, isPending: approvedAtMs === undefined, approvalCode };
  return [{ kind: 'node-registered', details }];
}

/** What is told of a node whose record is replaced. */
export function changesOfReplacement(before: NodeRecord, after: NodeRecord): NodeChange[] {
  const changes = [
    ...approvalChanges(before, after),
    ...identityChanges(before, after),
    ...cloneChanges(before, after),
    updatesChange(before, after),
    crashLoopOf(before, after),
  ];
  return changes.filter((change) => change !== undefined);
}

/** What is told of a node that is forgotten. */
export function changesOfRemoval(shownName: string | undefined): NodeChange[] {
  return [{ kind: 'node-forgotten', details: shownName === undefined ? {} : { shownName } }];
}

type Changes = (NodeChange | undefined)[];

function approvalChanges(before: NodeRecord, after: NodeRecord): Changes {
  const wasRevoked = before.revokedAtMs !== undefined;
  const isRevoked = after.revokedAtMs !== undefined;
  return [
    begins(before.approvedAtMs, after.approvedAtMs) ? { kind: 'node-approved', details: {} } : undefined,
    !wasRevoked && isRevoked ? { kind: 'node-revoked', details: {} } : undefined,
    wasRevoked && !isRevoked ? { kind: 'node-unrevoked', details: {} } : undefined,
  ];
}

/** Its key and its tokens. What a rebind and the decision about a clone do to the tokens is part of those. */
function identityChanges(before: NodeRecord, after: NodeRecord): Changes {
  if (isRebound(before, after)) {
    return [{ kind: 'node-rebound', details: { approvalCode: after.approvalCode } }];
  }
  const tokenIds = isCloneResolved(before, after) ? [] : voidedTokens(before, after);
  const isRotated = !isCloneResolved(before, after) && isNew(before.rotationDemandedAtMs, after.rotationDemandedAtMs);
  const { rebind } = after;
  const isAllowed =
    rebind && (rebind.untilMs !== before.rebind?.untilMs || rebind.approvalCode !== before.rebind.approvalCode);
  return [
    isAllowed ? { kind: 'node-rebind-allowed', details: { ...rebind } } : undefined,
    tokenIds.length > 0 ? { kind: 'node-tokens-voided', details: { tokenIds } } : undefined,
    isRotated ? { kind: 'node-rotation-demanded', details: {} } : undefined,
  ];
}

function isRebound(before: NodeRecord, after: NodeRecord): boolean {
  return before.rebind !== undefined && !after.rebind && before.registrationKeyHash !== after.registrationKeyHash;
}

function cloneChanges(before: NodeRecord, after: NodeRecord): Changes {
  return [
    begins(before.cloneSuspectedAtMs, after.cloneSuspectedAtMs)
      ? { kind: 'clone-suspected', details: { bootIds: rivalBoots(after) } }
      : undefined,
    isCloneResolved(before, after) ? { kind: 'clone-resolved', details: { keptBootId: after.bootId } } : undefined,
  ];
}

function isCloneResolved(before: NodeRecord, after: NodeRecord): boolean {
  return isNew(before.cloneResolution?.atMs, after.cloneResolution?.atMs);
}

function updatesChange({ updatesMode: from }: NodeRecord, { updatesMode: to }: NodeRecord): NodeChange | undefined {
  if (to === undefined || to === from) return undefined;
  return { kind: 'node-updates-set', details: { ...(from !== undefined && { from }), to } };
}

function begins(beforeMs: number | undefined, afterMs: number | undefined): boolean {
  return beforeMs === undefined && afterMs !== undefined;
}

function isNew(beforeMs: number | undefined, afterMs: number | undefined): boolean {
  return afterMs !== undefined && beforeMs !== afterMs;
}
