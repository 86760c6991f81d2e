import { GrowingBytes } from '../transport/growing-bytes.js';

export interface SplitLinesOptions {
  /** Longer lines are cut there, in bytes of UTF-8; the rest of such a line is thrown away as it arrives. */
  maxLineBytes: number;
  /** Whether the stream's last line is given though it has no line end. */
  keepUnterminated: boolean;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * The lines of a stream of bytes, whatever chunks it comes in: without their line end (LF or CRLF). Bytes that are not UTF-8
 * become U+FFFD. A stream that breaks gives no line of what it broke in the middle of. Nothing is read ahead: the next chunk
 * is asked for when all lines of the last one have been taken.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  { maxLineBytes, keepUnterminated }: SplitLinesOptions,
): AsyncGenerator<string, void> {
  const line = new LineBuffer(maxLineBytes);
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      line.append(chunk.subarray(start, end));
      yield line.take();
      start = end + 1;
    }
    line.append(chunk.subarray(start));
  }
  if (keepUnterminated && !line.isEmpty) yield line.take();
}

/** Splitting comes before decoding: no byte of a character longer than one byte looks like a line end. */
class LineBuffer {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #bytes = new GrowingBytes();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes.length === 0;
  }

  append(bytes: Uint8Array): void {
    // A copy: who owns the chunk may fill its memory anew for the next one.
    this.#bytes.append(bytes.subarray(0, this.#maxBytes - this.#bytes.length));
  }

  take(): string {
    const { all } = this.#bytes;
    const text = this.#decoder.decode(all.at(-1) === carriageReturn ? all.subarray(0, -1) : all);
    this.#bytes.clear();
    return text;
  }
}
