/** Where a key can stand in a request. */
export interface Credentials {
  /** The raw query, without the question mark. */
  readonly query: string;
  readonly authorization: string | undefined;
}

/**
 * The key a request shows, or undefined. A query key beats the header, also a wrong one; an empty one does not count; one
 * that is given twice, or as an array, counts as none and hides the header.
 */
export function keyOf({ query, authorization }: Credentials): string | undefined {
  const given = [...new URLSearchParams(query)].filter(([name]) => /^apikey(?:\[|$)/.test(name));
  const [first] = given;
  if (first && (given.length > 1 || first[0] !== 'apikey')) return undefined;
  if (first && first[1] !== '') return first[1];
  return /^(?:Bearer|ApiKey) (\w+)$/i.exec(authorization ?? '')?.[1];
}
