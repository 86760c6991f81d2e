import type * as v from 'valibot';
import { issuePath } from './issue-path.js';
import { namesIn } from './schema-names.js';
import { limits } from '../protocol/limits.js';
import type { Issue } from '../messages/problem.js';

/**
 * The issues of valibot as places and rules; received values are not repeated, because they may be secret.
 *
 * @param schema of another contract than this one, whose names places may have
 */
export function issuesOf(found: readonly v.BaseIssue<unknown>[], schema?: v.GenericSchema): Issue[] {
  const names = schema && new Set(namesIn(schema));
  return found
    .slice(0, limits.issuesMax)
    .map((issue) => ({ path: issuePath(issue.path?.map(({ key }) => key) ?? [], names), rule: ruleOf(issue) }));
}

function ruleOf(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined') return 'required';
  if (/^[a-z][\w-]*$/.test(issue.message)) return issue.message;
  return issue.kind === 'schema' ? `type ${issue.expected ?? issue.type}` : issue.type;
}
