import { type NodeFacts, shownName } from '@serve.zone/baseos-cloudly-handlers';

/** What people call a node. */
export function nameNode(facts: Pick<NodeFacts, 'nodeId' | 'name' | 'hostname'>): string {
  return shownName(facts) ?? facts.nodeId;
}
