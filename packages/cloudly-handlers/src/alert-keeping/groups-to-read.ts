import type { JudgedNode } from './judge-node.js';
import { groupAlertId } from './kept-alert.js';

interface Asked {
  /** Alerts of groups that are to be looked at. */
  dueIds: readonly string[];
  /** Values of the label whose groups an outage may be part of. */
  values: readonly string[];
  groupLabel: string;
}

/** The IDs of the alerts of groups that a decision needs, as far as there are such alerts. */
export function groupsToRead(judged: readonly JudgedNode[], { dueIds, values, groupLabel }: Asked): string[] {
  const left = judged.flatMap(({ leftGroupIds }) => leftGroupIds);
  return [...new Set([...dueIds, ...left, ...values.map((value) => groupAlertId(groupLabel, value))])];
}
