import { GrowingBytes } from '../transport/growing-bytes.js';

export interface SplitLinesOptions {
  /** Longer lines are cut to this many bytes of UTF-8. The rest of such a line is discarded as it arrives. */
  maxLineBytes: number;
  /** Whether a last line without a line end is returned. */
  keepUnterminated: boolean;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * The lines of a stream of bytes, however it is divided into chunks, without their line ends (LF or CRLF). Bytes that are not
 * UTF-8 become U+FFFD. If the stream fails, its incomplete last line is dropped. Nothing is read ahead: the next chunk is
 * requested when all lines of the previous one have been taken.
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

/** Splits before decoding: no byte of a multi-byte character looks like a line end. */
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
    // A copy: the owner of the chunk may reuse its memory for the next one.
    this.#bytes.append(bytes.subarray(0, this.#maxBytes - this.#bytes.length));
  }

  take(): string {
    const { all } = this.#bytes;
    const text = this.#decoder.decode(all.at(-1) === carriageReturn ? all.subarray(0, -1) : all);
    this.#bytes.clear();
    return text;
  }
}
