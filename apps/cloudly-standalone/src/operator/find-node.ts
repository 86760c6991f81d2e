import { type CallerFleet, type FleetNode, isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError } from '../command/command-context.js';
import { nameNode } from '../nodes/name-node.js';

/** For every command that is about one node. */
export const nodeFlag = {
  type: 'positional',
  required: true,
  called: 'a node ID or name',
  offers: 'nodes',
  description: 'The node: its ID, name, host name or device UUID, or the beginning of its ID or UUID',
} as const;

/** @throws OperationError if there is no such node; if there are several, it names them. */
export async function findNode(fleet: CallerFleet, typed: string): Promise<FleetNode> {
  const node = await findNodeIfAny(fleet, typed);
  if (node) return node;
  throw new OperationError(`There is no node "${typed}". \`node list\` shows all of them.`);
}

/**
 * The same, `undefined` if there is none. IDs may be typed in upper case.
 *
 * @throws OperationError if there are several.
 */
export async function findNodeIfAny(fleet: CallerFleet, typed: string): Promise<FleetNode | undefined> {
  try {
    return await fleet.resolveNode(typed);
  } catch (error) {
    if (!isFleetError(error)) throw error;
    if (error.code === 'node-ambiguous') {
      const candidates = await nameCandidates(fleet, error.candidates);
      throw new OperationError(`"${typed}" may be any of ${candidates}. Give the ID of one.`);
    }
    if (error.code !== 'node-unknown') throw error;
  }
  const lower = typed.toLowerCase();
  return lower === typed ? undefined : findNodeIfAny(fleet, lower);
}

/** As many as fit into a sentence. */
const CANDIDATES_MAX = 10;

async function nameCandidates(fleet: CallerFleet, nodeIds: readonly string[]): Promise<string> {
  const shown = nodeIds.slice(0, CANDIDATES_MAX);
  const selector = { terms: [{ field: 'id', anyOf: shown, isNot: false } as const] };
  const { nodes } = await fleet.listNodes({ selector, limit: CANDIDATES_MAX });
  const names = nodes.map(({ facts, state }) => `${facts.nodeId} (${nameNode(facts)}, ${state})`);
  return `${names.join(', ')}${nodeIds.length > shown.length ? ' and others' : ''}`;
}
