/** An instant in RFC 3339. */
export function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
