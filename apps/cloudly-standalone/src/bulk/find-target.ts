import { type CallerFleet, type FleetNode, isSelectorError, parseSelector } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError } from '../command/command-context.js';
import { findNode, findNodeIfAny } from '../operator/find-node.js';

/** What a command is to change. */
export type Target =
  | { kind: 'node'; node: FleetNode }
  /** Several nodes: all that it matches. */
  | { kind: 'selector'; selector: string };

/**
 * What a person means: the node that is called so, else the nodes that the text selects. Words alone select none, because a typo
 * in a name must not change the nodes in which the word occurs.
 *
 * @throws OperationError if there is no such node, or the selector matches none.
 */
export async function findTarget(fleet: CallerFleet, typed: string): Promise<Target> {
  if (!isSelector(typed)) return { kind: 'node', node: await findNode(fleet, typed) };
  const called = await findNodeIfAny(fleet, typed);
  if (called) return { kind: 'node', node: called };
  const { nodes, next } = await fleet.listNodes({ selector: typed, limit: 1 });
  const [node] = nodes;
  if (!node) throw new OperationError(`No node matches ${typed}. Nothing has changed.`);
  return next ? { kind: 'selector', selector: typed } : { kind: 'node', node };
}

/** Also one with a mistake, which is then told. */
function isSelector(typed: string): boolean {
  try {
    return parseSelector(typed).terms.some(({ field }) => field !== 'words');
  } catch (error) {
    return isSelectorError(error);
  }
}
