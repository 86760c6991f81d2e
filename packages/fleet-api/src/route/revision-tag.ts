/** A revision as `ETag` and `If-Match` have it (RFC 9110, 8.8.3). */
export function formatRevision(revision: number): string {
  return `"${revision}"`;
}

/** `undefined` for what {@link formatRevision} has not made. */
export function parseRevision(tag: string): number | undefined {
  const [, digits] = /^"(\d{1,16})"$/.exec(tag) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
