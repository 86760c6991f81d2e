import { parseForm } from './parse-body.js';
import { isAtLeast } from './supervisor-version.js';

/** Where a key can stand in a request. */
export interface Credentials {
  /** The raw query, without the question mark. */
  readonly query: string;
  readonly authorization: string | undefined;
}

/**
 * The key a request shows, or undefined. A query key beats the header, also a wrong one; an empty one does not count, nor one
 * that is given twice or as an array. A Bearer counts since 11.3.0.
 */
export function keyOf({ query, authorization }: Credentials, version: string): string | undefined {
  const { apikey } = parseForm(query);
  if (typeof apikey === 'string' && apikey !== '') return apikey;
  const scheme = isAtLeast(version, '11.3.0') ? /^(?:ApiKey|Bearer) (\w+)$/i : /^ApiKey (\w+)$/i;
  return scheme.exec(authorization ?? '')?.[1];
}
