/** The labels of a node as one text to search in, each on a line; empty if there are none. */
export function labelTextOf(labels: Readonly<Record<string, string>>): string {
  const lines = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return lines.length === 0 ? '' : `\n${lines.toSorted().join('\n')}\n`;
}

/** The labels that `labelTextOf` made the text of. */
export function labelsOfText(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** What the text has if the node has this label, with this value if one is given. */
export function labelMark(key: string, value?: string): string {
  return `\n${key}=${value === undefined ? '' : `${value}\n`}`;
}
