import { type FleetNode, type LabelChanges, labelsMistake } from '@serve.zone/baseos-cloudly-handlers';
import { nameNode } from '../nodes/name-node.js';
import type { LabelLine } from './read-label-file.js';

/** What a file changes about one node. */
export interface PlannedLabels {
  node: FleetNode;
  changes: LabelChanges;
}

export interface LabelPlan {
  /** Without the nodes that have the labels already. */
  planned: PlannedLabels[];
  mistakes: string[];
}

/** What the lines of a file change in a fleet. They may name nodes by ID, name, host name or device UUID. */
export function planLabels(lines: readonly LabelLine[], nodes: readonly FleetNode[]): LabelPlan {
  const called = nodesByNames(nodes);
  const lineOf = new Map<string, number>();
  const planned: PlannedLabels[] = [];
  const mistakes: string[] = [];
  for (const { line, node: typed, values } of lines) {
    const [node, ...others] = called.get(typed) ?? [];
    if (!node) mistakes.push(`Line ${line}: There is no node "${typed}".`);
    else if (others.length > 0) mistakes.push(`Line ${line}: Several nodes are called "${typed}". Give the ID of one.`);
    else {
      const { nodeId } = node.facts;
      const before = lineOf.get(nodeId);
      if (before !== undefined) mistakes.push(`Line ${line}: "${typed}" is the node of line ${before}, too.`);
      lineOf.set(nodeId, line);
      const changes = changesOf(node.labels, values);
      const mistake = labelsMistake(after(node.labels, changes));
      if (mistake !== undefined) mistakes.push(`Line ${line}: ${mistake}.`);
      if (Object.keys(changes).length > 0) planned.push({ node, changes });
    }
  }
  return { planned, mistakes };
}

/** A change of the labels of a node, for a person who decides about it. */
export function describePlanned({ node, changes }: PlannedLabels): string {
  const words = Object.entries(changes).map(([key, value]) => {
    const before = node.labels[key];
    if (value === null) return `${key} removed (was ${before})`;
    return before === undefined ? `${key}=${value}` : `${key}=${value} (was ${before})`;
  });
  return `${nameNode(node.facts)}: ${words.join(', ')}`;
}

function nodesByNames(nodes: readonly FleetNode[]): Map<string, FleetNode[]> {
  const called = new Map<string, FleetNode[]>();
  const add = (name: string, node: FleetNode): void => {
    const known = called.get(name);
    if (!known) called.set(name, [node]);
    else if (!known.includes(node)) known.push(node);
  };
  for (const node of nodes) {
    const { name, hostname, uuid } = node.facts;
    for (const each of [name, hostname, uuid]) if (each !== undefined) add(each, node);
  }
  // An ID is meant by nothing else.
  for (const node of nodes) called.set(node.facts.nodeId, [node]);
  return called;
}

/** An empty cell means that the node has no such label; one without a value says as little, and stays. */
function changesOf(labels: FleetNode['labels'], values: LabelLine['values']): LabelChanges {
  const changes: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(values)) {
    const before = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (value !== '' && value !== before) changes[key] = value;
    if (value === '' && before) changes[key] = null;
  }
  return changes;
}

function after(labels: FleetNode['labels'], changes: LabelChanges): Record<string, string> {
  const entries = Object.entries({ ...labels, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
