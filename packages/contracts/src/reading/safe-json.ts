import { findFault } from './find-fault.js';
import { hasMoreCharacters } from '../values/has-more-characters.js';
import { isJsonObject } from '../values/is-json-object.js';
import { limits } from '../protocol/limits.js';
import type { Issue } from '../messages/problem.js';

export type SafeJson =
  /** With the first string that is too long for a request. */
  { ok: true; value: Record<string, unknown>; longString?: Issue | undefined } | { ok: false; issue: Issue };

/**
 * A JSON object that is safe to pass on and to store: no deeper than the contract allows, every string without U+0000 and lone
 * surrogates (databases and other languages refuse them), no key `__proto__`. Each value is visited once, so that no shape of
 * a message costs much more than `JSON.parse`.
 */
export function parseSafeJsonObject(jsonText: string): SafeJson {
  let value: unknown;
  try {
    value = JSON.parse(jsonText);
  } catch {
    return { ok: false, issue: { path: '', rule: 'json' } };
  }
  if (!isJsonObject(value)) return { ok: false, issue: { path: '', rule: 'object' } };
  return isPlain(jsonText) ? { ok: true, value } : inspectJson(value);
}

/**
 * Whether no value of such a text can be unsafe, which is so for nearly every message: it is too short for a long string, has
 * too few brackets to be deep, and without escapes a string is as safe as the text. JSON itself allows no U+0000 in it.
 */
function isPlain(jsonText: string): boolean {
  return (
    jsonText.length <= limits.stringMaxLength &&
    jsonText.isWellFormed() &&
    !jsonText.includes('\\u') &&
    !jsonText.includes('__proto__') &&
    !hasMore(jsonText, '{', limits.bodyMaxDepth / 2) &&
    !hasMore(jsonText, '[', limits.bodyMaxDepth / 2)
  );
}

/** Whether a text has this character more than so many times. */
function hasMore(text: string, character: string, max: number): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
    count += 1;
    if (count > max) return true;
  }
  return false;
}

/** Whether an object that came as JSON is safe. */
export function inspectJson(value: Record<string, unknown>): SafeJson {
  let hasLongString = false;
  const unsafe = findFault(value, {
    string: (text) => {
      hasLongString ||= isLong(text);
      return isSafeText(text) ? undefined : 'safe-text';
    },
    key: (key) => (key === '__proto__' || !isSafeText(key) ? 'safe-key' : undefined),
    maxDepth: limits.bodyMaxDepth,
  });
  if (unsafe) return { ok: false, issue: unsafe };
  return hasLongString ? { ok: true, value, longString: findFault(value, longStrings) } : { ok: true, value };
}

/** Whether the string can be stored and sent anywhere: without U+0000 and lone surrogates. */
export function isSafeText(candidate: string): boolean {
  return candidate.isWellFormed() && !candidate.includes('\u0000');
}

function isLong(text: string): boolean {
  return hasMoreCharacters(text, limits.stringMaxLength);
}

const longStrings = { string: (text: string) => (isLong(text) ? 'max-length' : undefined) };
