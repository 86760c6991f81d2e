/** How many characters of a line every terminal shows. */
export const LINE_WIDTH = 80;

/** The lines of a text, none longer than `width` unless one word is. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The same as one text whose lines, but the first, are indented. */
export function wrapIndented(text: string, indent: number, firstIndent = indent): string {
  const lines = wrapText(text, LINE_WIDTH - indent);
  return lines.map((line, index) => `${' '.repeat(index === 0 ? firstIndent : indent)}${line}\n`).join('');
}
