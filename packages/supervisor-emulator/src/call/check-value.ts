/** The number, if the Supervisor accepts the value as an integer, as it does `7`, `'7'`, `'7.0'` and `['7']`, but not `'7.5'` or `''`. */
export function checkInteger(value: unknown): number | undefined {
  const text = textOf(value);
  if (!/^-?[0-9]+\.?0*$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isInteger(number) ? number : undefined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.length === 1) return textOf(value[0]);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The string, unless it is empty, `null` or `undefined`. */
export function checkString(value: unknown): string | undefined {
  const isName = typeof value === 'string' && !['null', 'undefined', ''].includes(value);
  return isName ? value : undefined;
}

/** Whether the Supervisor accepts the value as true. Everything else, even "yes", is ignored. */
export function isTruthy(value: unknown): boolean {
  const known: readonly unknown[] = [true, 1, '1', 'true', 'on'];
  return known.includes(typeof value === 'string' ? value.toLowerCase() : value);
}
