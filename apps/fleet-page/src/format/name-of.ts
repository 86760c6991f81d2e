import { type NodeFacts, shownName } from '@serve.zone/baseos-cloudly-handlers';

/** What people call a node: its name, else its host name, else its ID. */
export function nameOf(facts: Pick<NodeFacts, 'nodeId' | 'name' | 'hostname'>): string {
  return shownName(facts) ?? facts.nodeId;
}
