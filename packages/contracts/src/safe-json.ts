import { limits } from './limits.js';
import { issuePath } from './issue-path.js';
import type { Issue } from './problem.js';

export type SafeJson = { ok: true; value: Record<string, unknown> } | { ok: false; issue: Issue };

/**
 * A JSON object that is safe to pass on and to store: no deeper than the contract allows, every string without U+0000 and lone
 * surrogates (databases and other languages refuse them), no key `__proto__`.
 */
export const parseSafeJsonObject = (jsonText: string): SafeJson => {
  let value: unknown;
  try {
    value = JSON.parse(jsonText);
  } catch {
    return { ok: false, issue: { path: '', rule: 'json' } };
  }
  if (!isObject(value)) return { ok: false, issue: { path: '', rule: 'object' } };
  const issue = firstIssue(value, unsafeRule);
  return issue ? { ok: false, issue } : { ok: true, value };
};

/** The first string that is longer than a message may have, of a value that {@link parseSafeJsonObject} gave. */
export const firstLongString = (value: Record<string, unknown>): Issue | undefined => firstIssue(value, longRule);

/** Whether the string can be stored and sent anywhere: without U+0000 and lone surrogates. */
export const isSafeText = (candidate: string): boolean =>
  !candidate.includes('\u0000') && !/\p{Surrogate}/u.test(candidate);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Keys = readonly (string | number)[];

/** The rule that a value breaks at its place. */
type RuleOf = (value: unknown, keys: Keys) => string | undefined;

const unsafeRule: RuleOf = (value, keys) => {
  if (typeof value === 'string') return isSafeText(value) ? undefined : 'safe-text';
  if (typeof value !== 'object' || value === null) return undefined;
  if (keys.length >= limits.bodyMaxDepth) return 'max-depth';
  return Object.keys(value).every((key) => key !== '__proto__' && isSafeText(key)) ? undefined : 'safe-key';
};

const longRule: RuleOf = (value) =>
  typeof value === 'string' && value.length > limits.stringMaxLength ? 'max-length' : undefined;

const firstIssue = (root: unknown, ruleOf: RuleOf): Issue | undefined => {
  const pending: { value: unknown; keys: Keys }[] = [{ value: root, keys: [] }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { value, keys } = place;
    const rule = ruleOf(value, keys);
    if (rule !== undefined) return { path: issuePath(keys), rule };
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      pending.push({ value: child, keys: [...keys, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return undefined;
};
