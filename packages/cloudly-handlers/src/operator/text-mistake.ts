/** Why this cannot be a line that people write, such as a name, in a sentence; `undefined` if it can. */
export function textMistake(what: string, text: string, maxLength: number): string | undefined {
  if (text.length > maxLength) return `${what} has ${text.length} characters, and ${maxLength} at most`;
  return controlCharacters.test(text) || !text.isWellFormed() ? `${what} has characters that are not text` : undefined;
}

/** The same for several lines. */
export function linesMistake(what: string, text: string, maxLength: number): string | undefined {
  return textMistake(what, text.replaceAll(/[\t\n\r]/g, ' '), maxLength);
}

const controlCharacters = /\p{Cc}/u;
