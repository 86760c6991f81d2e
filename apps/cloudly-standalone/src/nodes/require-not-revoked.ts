import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError } from '../command/command-context.js';
import { describeNodeFirst } from './describe-node.js';

/** @throws OperationError for a revoked node, on which a decision would have no effect. */
export function requireNotRevoked({ facts, record: { revokedAtMs } }: NodeDetails): void {
  if (revokedAtMs === undefined) return;
  throw new OperationError(
    `${describeNodeFirst(facts)} is revoked. Lift the revocation first: node unrevoke ${facts.nodeId}`,
  );
}
