import type { NodeFacts } from '@serve.zone/baseos-cloudly-handlers';
import { nameNode } from './name-node.js';

type Named = Pick<NodeFacts, 'nodeId' | 'name' | 'hostname'>;

/** A node in a sentence: by what people call it, and its ID. */
export function describeNode(facts: Named): string {
  const name = nameNode(facts);
  return name === facts.nodeId ? `node ${facts.nodeId}` : `node ${name} (${facts.nodeId})`;
}

/** The same at the beginning of a sentence. */
export function describeNodeFirst(facts: Named): string {
  return describeNode(facts).replace('n', 'N');
}
