import { parseSelector } from '../selector/parse-selector.js';
import { isSelectorError } from '../selector/selector-error.js';
import type { Selector } from '../selector/selector.js';
import { FleetError } from './fleet-error.js';
import type { SelectorInput } from './selector-input.js';

/** @throws FleetError for a text that cannot be read */
export function readSelector(input: SelectorInput = ''): Selector {
  if (typeof input !== 'string') return input;
  try {
    return parseSelector(input);
  } catch (error) {
    if (!isSelectorError(error)) throw error;
    const { message, column, remedy } = error;
    throw new FleetError('selector-invalid', `${message} (column ${column})`, { remedy, cause: error });
  }
}
