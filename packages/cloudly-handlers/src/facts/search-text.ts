import { factText } from './fact-text.js';
import { foldText } from './fold-text.js';
import type { NodeFacts } from './node-facts.js';

type Searched = Pick<NodeFacts, 'nodeId' | 'name' | 'hostname' | 'uuid' | 'deviceType'>;

/** What words are searched in: the names of a node, its type and the values of its labels, folded, each on a line. */
export function searchTextOf(facts: Searched, labels: Readonly<Record<string, string>>): string {
  const { name, hostname, nodeId, uuid, deviceType } = facts;
  const values = [name, hostname, nodeId, uuid, deviceType, ...Object.values(labels)];
  return [...new Set(values.flatMap((value) => factText(foldText(value ?? '')) ?? []))].join('\n');
}
