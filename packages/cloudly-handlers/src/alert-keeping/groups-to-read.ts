import type { JudgedNode } from './judge-node.js';
import { groupAlertId, type KeptGroupAlert } from './kept-alert.js';

interface Asked {
  /** Alerts of groups that are to be looked at. */
  dueIds: readonly string[];
  /** Values of the label whose groups an outage may be part of. */
  values: readonly string[];
  groupLabel: string;
}

/** Those values whose group has no alert yet. */
export function valuesWithoutAlert(
  values: readonly string[],
  groups: readonly { alert: KeptGroupAlert }[],
  groupLabel: string,
): string[] {
  const ids = new Set(groups.map(({ alert }) => alert.id));
  return values.filter((value) => !ids.has(groupAlertId(groupLabel, value)));
}

/** The IDs of the alerts of groups that a decision needs, as far as there are such alerts. */
export function groupsToRead(judged: readonly JudgedNode[], { dueIds, values, groupLabel }: Asked): string[] {
  const left = judged.flatMap(({ leftGroupIds }) => leftGroupIds);
  return [...new Set([...dueIds, ...left, ...values.map((value) => groupAlertId(groupLabel, value))])];
}
