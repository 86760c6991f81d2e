import { foldText } from '../facts/fold-text.js';
import type { TextField } from './selector.js';

/**
 * A text as `~` searches it in a field. People write names, so they are folded; for what devices report, the case of ASCII is
 * all that databases fold alike.
 */
export function searchedText(field: TextField, text: string): string {
  return field === 'name' ? foldText(text) : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
