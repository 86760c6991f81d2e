/** With 768 bytes of UTF-8 at most, an index of PostgreSQL has room for it. */
const MAX_LENGTH = 256;

/**
 * What a device says of itself, as a fact: at most 256 characters, without U+0000, which PostgreSQL does not store. Absent if
 * there is nothing of it.
 */
export function factText(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const cut = text.length <= MAX_LENGTH ? text : text.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  return cut.replaceAll('\u0000', '\uFFFD').toWellFormed();
}
