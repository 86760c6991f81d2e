/**
 * The value of a truncated JSON text, without its incomplete parts; undefined if there is no complete part.
 */
export function mendJson(text: string): unknown {
  const open: string[] = [];
  let isInText = false;
  let mended = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (isInText) {
      if (character === '\\') index += 1;
      else if (character === '"') isInText = false;
      continue;
    }
    if (character === '"') isInText = true;
    else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
      mended = `${text.slice(0, index + 1)}${closing(open)}`;
    } else if (character === '}' || character === ']') {
      open.pop();
      mended = `${text.slice(0, index + 1)}${closing(open)}`;
    } else if (character === ',') {
      mended = `${text.slice(0, index)}${closing(open)}`;
    }
  }
  return mended === '' ? undefined : (JSON.parse(mended) as unknown);
}

function closing(open: readonly string[]): string {
  return open.toReversed().join('');
}
