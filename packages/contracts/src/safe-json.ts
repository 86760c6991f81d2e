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
  const issue = firstUnsafePlace(value);
  return issue ? { ok: false, issue } : { ok: true, value };
};

/** Whether the string can be stored and sent anywhere: without U+0000 and lone surrogates. */
export const isSafeText = (candidate: string): boolean =>
  !candidate.includes('\u0000') && !/\p{Surrogate}/u.test(candidate);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const firstUnsafePlace = (root: unknown): Issue | undefined => {
  const pending: { value: unknown; keys: readonly (string | number)[] }[] = [{ value: root, keys: [] }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { value, keys } = place;
    if (typeof value === 'string' && !isSafeText(value)) return { path: issuePath(keys), rule: 'safe-text' };
    if (typeof value !== 'object' || value === null) continue;
    if (keys.length >= limits.bodyMaxDepth) return { path: issuePath(keys), rule: 'max-depth' };
    for (const [key, child] of Object.entries(value)) {
      if (key === '__proto__' || !isSafeText(key)) return { path: issuePath(keys), rule: 'safe-key' };
      pending.push({ value: child, keys: [...keys, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return undefined;
};
