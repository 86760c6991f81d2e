import { nearestName } from './nearest-name.js';
import { UsageError } from './usage-error.js';

/** An unknown command or flag, with the one that was probably meant. */
export function unknownName(what: 'command' | 'flag', typed: string, known: readonly string[]): UsageError {
  const nearest = nearestName(typed.replace(/^--no-/, '--'), known);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return new UsageError(`Unknown ${what} "${typed}".${hint}`);
}
