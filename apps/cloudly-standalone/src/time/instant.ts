/** An instant in RFC 3339. */
export function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** The same to the second, for sentences. */
export function shortInstant(atMs: number): string {
  return instant(atMs).replace(/\.\d+Z$/, 'Z');
}
