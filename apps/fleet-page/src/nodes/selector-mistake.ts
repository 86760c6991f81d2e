import { isSelectorError, parseSelector } from '@serve.zone/baseos-cloudly-handlers';

/** Where and why a selector cannot be read, and what to do; `undefined` for one that can. */
export function selectorMistake(text: string): string | undefined {
  try {
    parseSelector(text);
    return undefined;
  } catch (error) {
    if (isSelectorError(error)) return `Column ${error.column}: ${error.message}. ${error.remedy}`;
    throw error;
  }
}
