import { canonicalJson } from '../../fleet/canonical-json.js';

/** Compares as JSON does: the order of keys does not matter, and `undefined` is absent. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [actualText, expectedText] = [canonicalJson(actual), canonicalJson(expected)];
  if (actualText !== expectedText) throw new Error(`${what}: expected ${expectedText}, but got ${actualText}`);
}
