import type { ShownAlert } from '@serve.zone/baseos-cloudly-handlers';

/** What an alert is about: the name of its node, or how many nodes with which label. */
export function aboutAlert({ node, group }: Pick<ShownAlert, 'node' | 'group'>): string {
  if (group) return `${group.nodeCount} nodes with ${group.label}=${group.value}`;
  return node?.shownName ?? node?.nodeId ?? '-';
}
