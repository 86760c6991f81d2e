/**
 * Whether a text has more characters than that. A character is a Unicode code point, as JSON Schema and most languages count,
 * though JavaScript writes one beyond U+FFFF as two units. Counts only where the number of units does not tell.
 */
export function hasMoreCharacters(text: string, maxCharacters: number): boolean {
  if (text.length <= maxCharacters) return false;
  if (text.length > 2 * maxCharacters) return true;
  let characters = text.length;
  for (let index = 1; index < text.length; index += 1) {
    if (isLowSurrogate(text.charCodeAt(index)) && isHighSurrogate(text.charCodeAt(index - 1))) characters -= 1;
  }
  return characters > maxCharacters;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
