import * as v from 'valibot';
import type { Issue } from './problem.js';

/** More than these say nothing new, and an answer must stay small. */
const ISSUES_MAX = 16;

/** What valibot found, as places and rules; what was received is never repeated, since it may be a secret. */
export const issuesOf = (found: readonly v.BaseIssue<unknown>[]): Issue[] =>
  found.slice(0, ISSUES_MAX).map((issue) => ({ path: v.getDotPath(issue) ?? '', rule: ruleOf(issue) }));

const ruleOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.received === 'undefined') return 'required';
  if (/^[a-z][\w-]*$/.test(issue.message)) return issue.message;
  return issue.kind === 'schema' ? `type ${issue.expected ?? issue.type}` : issue.type;
};
