import { formatSelector, parseSort, type SelectorInput } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { text, wholeNumber } from '../schemas/parts.js';

/** As it is typed, such as `state:offline label.site=berlin`. */
export const selector = v.optional(text);

/** By what, such as `name` or `-seen`. */
export const sort = v.optional(
  v.pipe(
    text,
    v.check((word) => parseSort(word) !== undefined, 'sort'),
  ),
);

/** How many there are at most in the answer. */
export const limit = v.optional(wholeNumber);

export function selectorText(input: SelectorInput | undefined): string | undefined {
  return typeof input === 'object' ? formatSelector(input) : input;
}
