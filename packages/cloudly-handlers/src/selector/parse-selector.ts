import { isInScope } from './matches.js';
import { columnOf, readTerms } from './read-terms.js';
import { SelectorError } from './selector-error.js';
import type { LabelTerm, Scope, Selector, SelectorTerm } from './selector.js';
import { toTerm } from './to-term.js';

/** Of the text of a selector or scope. */
export const selectorLimits = { lengthMax: 1000, termsMax: 32 } as const;

/**
 * Reads a selector such as `state:offline label.site=berlin agent<0.3 -label.canary free words`; an empty text selects all nodes.
 *
 * @throws SelectorError for a text that cannot be read
 */
export function parseSelector(text: string): Selector {
  return { terms: readPlacedTerms(text).map(({ term }) => term) };
}

/**
 * Reads a scope: a selector of labels alone. What a device says of itself admits it to no scope, and neither does a label that
 * nobody has set: a scope such as `-label.secret`, which new nodes would be in, is refused.
 *
 * @throws SelectorError for a text that cannot be read, or is no scope
 */
export function parseScope(text: string): Scope {
  const terms = readPlacedTerms(text).map(({ term, column }): LabelTerm => {
    if (term.field === 'label') return term;
    const remedy = 'Write terms such as label.site=berlin. Devices report the other fields themselves.';
    throw new SelectorError('A scope consists of labels alone', { column, remedy });
  });
  if (!isInScope({ terms }, {})) return { terms };
  const remedy = 'Add a label that the nodes must have, such as label.site=berlin.';
  throw new SelectorError('A node without labels would be in this scope', { column: 1, remedy });
}

function readPlacedTerms(text: string): { term: SelectorTerm; column: number }[] {
  requireReadable(text);
  const written = readTerms(text);
  const tooMany = written[selectorLimits.termsMax];
  if (tooMany) {
    const remedy = 'Write several values of a field in one term, separated by commas.';
    const message = `There are more than ${selectorLimits.termsMax} terms`;
    throw new SelectorError(message, { column: columnOf(text, tooMany.at), remedy });
  }
  return written.map((term) => ({ term: toTerm(term, text), column: columnOf(text, term.at) }));
}

function requireReadable(text: string): void {
  if (text.length > selectorLimits.lengthMax) {
    const message = `A selector has at most ${selectorLimits.lengthMax} characters`;
    throw new SelectorError(message, { column: columnOf(text, selectorLimits.lengthMax), remedy: 'Shorten it.' });
  }
  const at = Array.from(text).findIndex((character) => character === '\u0000' || !character.isWellFormed());
  if (at === -1) return;
  const remedy = 'Remove the character; it is invisible.';
  throw new SelectorError('There is a character that no text has', { column: at + 1, remedy });
}
