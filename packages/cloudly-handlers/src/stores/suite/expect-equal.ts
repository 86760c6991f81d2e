/** Compares as JSON does: the order of keys does not matter, and `undefined` is absent. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [actualText, expectedText] = [canonical(actual), canonical(expected)];
  if (actualText !== expectedText) throw new Error(`${what}: expected ${expectedText}, but got ${actualText}`);
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, sortKeys) ?? 'undefined';
}

function sortKeys(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;
}
