/** What counts bytes without writing them, where the runtime is Node, Bun or Deno. */
const { Buffer: counter } = globalThis as { Buffer?: { byteLength(text: string): number } };

/** How many bytes a text takes in UTF-8. */
export function utf8Length(text: string): number {
  return counter ? counter.byteLength(text) : new TextEncoder().encode(text).byteLength;
}

/** Whether a text takes more bytes than that in UTF-8; counts them only where its length does not tell. */
export function isLongerInUtf8(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  return text.length * UTF8_MAX_BYTES_PER_UNIT > maxBytes && utf8Length(text) > maxBytes;
}

/** Of UTF-16: what takes four bytes has two units. */
export const UTF8_MAX_BYTES_PER_UNIT = 3;
