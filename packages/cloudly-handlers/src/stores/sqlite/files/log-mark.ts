/**
 * Ties a write-ahead log to the file that it belongs to. Each log begins with a new mark, and the `base` of that mark is the
 * mark that the file had then. Once all of the log is written back, the file has the log's own mark.
 */
export interface LogMark {
  base: string;
  id: string;
}

/** The base of the first mark of a file. */
export const NO_BASE = '0'.repeat(16);

export function newMarkId(): string {
  return Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(8))).toString('hex');
}

export function markText({ base, id }: LogMark): string {
  return `log:${base}:${id}`;
}

export function readMark(text: string): LogMark | undefined {
  const [, base, id] = /log:([0-9a-f]{16}):([0-9a-f]{16})/.exec(text) ?? [];
  return base === undefined || id === undefined ? undefined : { base, id };
}

/** The table `cloudly`, of one row, is the first one of the schema: its only page is the second of the file. */
export const MARK_PAGE = 2;

const LEAF_OF_A_TABLE = 0x0d;

/** The mark in that page, as it lies on the disk (https://www.sqlite.org/fileformat.html#b_tree_pages). */
export function markInPage(page: Buffer): LogMark | undefined {
  if (page.length < 512 || page[0] !== LEAF_OF_A_TABLE || page.readUInt16BE(3) !== 1) return undefined;
  const cellStart = page.readUInt16BE(8);
  const payload = readVarint(page, cellStart);
  const rowId = payload && readVarint(page, payload.end);
  // Deleted data may still lie beside the one row, and must not be read.
  return rowId && readMark(page.toString('latin1', rowId.end, rowId.end + payload.value));
}

function readVarint(page: Buffer, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = page[start + index];
    if (byte === undefined) return undefined;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return undefined;
}
