import type { JournalFields } from './journal-entry.js';
import { JournalExport } from './journal-export.js';
import { splitLines, type SplitLinesOptions } from './split-lines.js';

/** A stream in the export format begins like this, and no line of JSON does. */
const exportStart = new TextEncoder().encode('__CURSOR=');

/**
 * The entries of a journal that was requested in JSON: each as its line, or as its fields if the Supervisor always sends the
 * export format, as before 10.3.
 */
export async function* splitJournal(
  chunks: AsyncIterable<Uint8Array>,
  options: SplitLinesOptions,
): AsyncGenerator<string | JournalFields, void> {
  const iterator = chunks[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  try {
    const isExport = await beginsAsExport(iterator, begun);
    const all = startingWith(begun, iterator);
    yield* isExport ? splitExport(all, options) : splitLines(all, options);
  } finally {
    await iterator.return?.();
  }
}

async function* splitExport(
  chunks: AsyncIterable<Uint8Array>,
  { maxLineBytes, keepUnterminated }: SplitLinesOptions,
): AsyncGenerator<JournalFields, void> {
  const journal = new JournalExport(maxLineBytes);
  for await (const chunk of chunks) yield* journal.read(chunk);
  const last = keepUnterminated ? journal.end() : undefined;
  if (last !== undefined) yield last;
}

/** Reads no more than it needs to know. @param begun receives what was read */
async function beginsAsExport(chunks: AsyncIterator<Uint8Array>, begun: Uint8Array[]): Promise<boolean> {
  let place = 0;
  while (place < exportStart.byteLength) {
    const { done, value } = await chunks.next();
    if (done === true) return false;
    // A copy: the owner of the chunk may reuse its memory for the next one.
    begun.push(value.slice());
    for (const byte of value.subarray(0, exportStart.byteLength - place)) {
      if (byte !== exportStart[place]) return false;
      place += 1;
    }
  }
  return true;
}

async function* startingWith(
  begun: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  yield* begun;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
}
