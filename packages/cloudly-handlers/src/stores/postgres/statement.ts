export interface Statement {
  text: string;
  /** Each connection prepares the statement once under this name. A text without name and values may hold several statements. */
  name?: string;
}

/** Statements of one group, such as `node`, named after their keys. */
export function statements<Key extends string>(group: string, texts: Record<Key, string>): Record<Key, Statement> {
  return Object.fromEntries(
    Object.entries<string>(texts).map(([key, text]) => [key, { name: `${group} ${key}`, text }]),
  ) as Record<Key, Statement>;
}
