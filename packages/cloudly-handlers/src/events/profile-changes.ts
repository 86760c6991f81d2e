import type { NodeProfile } from '../fleet/node-profile.js';
import type { NodeChange } from './fleet-event.js';

/** What is told of a profile that is replaced. What the notes say is not told. */
export function changesOfProfile(
  before: Omit<NodeProfile, 'nodeId'>,
  after: Omit<NodeProfile, 'nodeId'>,
): NodeChange[] {
  const labels = changedLabels(before.labels, after.labels);
  return [
    ...(before.name === after.name ? [] : [named(before.name, after.name)]),
    ...(Object.keys(labels).length === 0 ? [] : [{ kind: 'node-labelled' as const, details: { labels } }]),
    ...(before.notes === after.notes ? [] : [{ kind: 'node-noted' as const, details: {} }]),
  ];
}

function named(from: string | undefined, to: string | undefined): NodeChange {
  return { kind: 'node-named', details: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) } };
}

type Labels = NodeProfile['labels'];

/** The labels that are new or different, and `null` for those that are removed. */
function changedLabels(before: Labels, after: Labels): Record<string, string | null> {
  const valueOf = (labels: Labels, key: string): string | null =>
    (Object.hasOwn(labels, key) ? labels[key] : null) ?? null;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => valueOf(before, key) !== valueOf(after, key));
  return Object.fromEntries(changed.map((key) => [key, valueOf(after, key)]));
}
