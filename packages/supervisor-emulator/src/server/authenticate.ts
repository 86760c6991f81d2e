import type { Era } from '../eras/era.js';
import { parseForm } from '../call/parse-body.js';

/** Where a key can stand in a request. */
export interface Credentials {
  /** The raw query, without the question mark. */
  query: string;
  authorization: string | undefined;
}

/**
 * The keys in a request, any of which may be valid; there are several only before 9.0.0. Since then a key in the
 * query takes precedence over one in the header, even if it is wrong. Since 11.3.0 a key that is empty, given twice or
 * an array does not count, and a Bearer does.
 */
export function keysOf({ query, authorization }: Credentials, era: Era): readonly string[] {
  const { apikey } = parseForm(query);
  const scheme = era.onlyApiKeyScheme ? /^ApiKey (\w+)$/ : /^(?:ApiKey|Bearer) (\w+)$/i;
  const inHeader = scheme.exec(authorization ?? '')?.[1] ?? [];
  if (era.eitherKeyCounts) return [typeof apikey === 'string' ? apikey : [], inHeader].flat();
  if (era.queryKeyAlwaysWins && apikey !== undefined) return [typeof apikey === 'string' ? apikey : ''];
  return typeof apikey === 'string' && apikey !== '' ? [apikey] : [inHeader].flat();
}
