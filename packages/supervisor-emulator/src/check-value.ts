/** The number, if the Supervisor takes the value for an integer: `7`, `'7'`, `'7.0'` and `['7']` are one, `'7.5'` and `''` none. */
export function checkInteger(value: unknown): number | undefined {
  if (!/^-?[0-9]+\.?0*$/.test(String(value))) return undefined;
  const number = Number(value);
  return Number.isInteger(number) ? number : undefined;
}

/** The string, unless it is empty or the name of nothing. */
export function checkString(value: unknown): string | undefined {
  const isName = typeof value === 'string' && !['null', 'undefined', ''].includes(value);
  return isName ? value : undefined;
}

/** What the Supervisor takes for yes. Everything else, "yes" included, is ignored without a word. */
export function isTruthy(value: unknown): boolean {
  const known: readonly unknown[] = [true, 1, '1', 'true', 'on'];
  return known.includes(typeof value === 'string' ? value.toLowerCase() : value);
}
