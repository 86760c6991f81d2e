import type * as v from 'valibot';
import { issuePath } from './issue-path.js';
import { limits } from '../protocol/limits.js';
import type { Issue } from '../messages/problem.js';

/** The issues of valibot as places and rules; received values are not repeated, because they may be secret. */
export function issuesOf(found: readonly v.BaseIssue<unknown>[]): Issue[] {
  return found
    .slice(0, limits.issuesMax)
    .map((issue) => ({ path: issuePath(issue.path?.map(({ key }) => key) ?? []), rule: ruleOf(issue) }));
}

function ruleOf(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined') return 'required';
  if (/^[a-z][\w-]*$/.test(issue.message)) return issue.message;
  return issue.kind === 'schema' ? `type ${issue.expected ?? issue.type}` : issue.type;
}
