import { nearestName } from './nearest-name.js';
import { UsageError } from './usage-error.js';

/**
 * An unknown command or flag, with the one that was probably meant.
 *
 * @param elsewhere names that were not possible here, but are what was typed
 */
export function unknownName(
  what: 'command' | 'flag',
  typed: string,
  known: readonly string[],
  elsewhere: readonly string[] = [],
): UsageError {
  const nearest = nearestName(typed.replace(/^--no-/, '--'), known);
  const meant = (nearest === undefined ? elsewhere : [nearest]).map((name) => `"${name}"`).join(' or ');
  const hint = meant === '' ? '' : ` Did you mean ${meant}?`;
  return new UsageError(`Unknown ${what} "${typed}".${hint}`);
}
