import { GrowingBytes } from '../transport/growing-bytes.js';
import type { JournalFields } from './journal-entry.js';

const newline = 0x0a;
const sizeBytes = 8;

/** What the next byte belongs to: a line, or a part of a field with a binary value. */
type Part = 'line' | 'size' | 'data' | 'end of data';

/**
 * Reads the journal in its export format, however it is divided into pieces. Each field is a line, or a line with a name
 * followed by the length and the bytes of its value. An empty line ends an entry. An entry that is too long is cut.
 *
 * @see https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-export-format
 */
export class JournalExport {
  readonly #maxEntryBytes: number;
  /** The current part. */
  readonly #bytes = new GrowingBytes();
  #part: Part = 'line';
  /** How many bytes of the data are still to come. */
  #missing = 0;
  #name = '';
  #entryBytes = 0;
  #fields = new Map<string, unknown[]>();

  constructor(maxEntryBytes: number) {
    this.#maxEntryBytes = maxEntryBytes;
  }

  /** The entries that end in this piece. */
  read(chunk: Uint8Array): JournalFields[] {
    const entries: JournalFields[] = [];
    for (let start = 0; start < chunk.byteLength;) {
      const end = this.#endOfPart(chunk, start);
      this.#keep(chunk.subarray(start, end));
      start = end;
      if (this.#part === 'line') {
        if (chunk[end] !== newline) continue;
        start = end + 1;
        const entry = this.#takeLine();
        if (entry !== undefined) entries.push(entry);
      } else {
        this.#goOn();
      }
    }
    return entries;
  }

  /** The incomplete entry at the end of the stream. */
  end(): JournalFields | undefined {
    if (this.#part === 'line' && this.#bytes.length > 0) this.#takeLine();
    else if (this.#part === 'data') this.#add(this.#name, this.#bytes.all);
    return this.#takeEntry();
  }

  #endOfPart(chunk: Uint8Array, start: number): number {
    switch (this.#part) {
      case 'line': {
        const end = chunk.indexOf(newline, start);
        return end === -1 ? chunk.byteLength : end;
      }
      case 'size':
        return Math.min(chunk.byteLength, start + sizeBytes - this.#bytes.length);
      case 'data': {
        const end = Math.min(chunk.byteLength, start + this.#missing);
        this.#missing -= end - start;
        return end;
      }
      default:
        return start + 1;
    }
  }

  #keep(bytes: Uint8Array): void {
    this.#bytes.append(bytes.subarray(0, Math.max(sizeBytes, this.#maxEntryBytes) - this.#bytes.length));
  }

  /** Goes to the next part of a field with a binary value, if the current part is complete. */
  #goOn(): void {
    if (this.#part === 'size' && this.#bytes.length === sizeBytes) {
      const { buffer, byteOffset } = this.#bytes.all;
      this.#missing = Number(new DataView(buffer, byteOffset).getBigUint64(0, true));
      this.#bytes.clear();
      this.#part = 'data';
    }
    if (this.#part === 'end of data') {
      this.#bytes.clear();
      this.#part = 'line';
    } else if (this.#part === 'data' && this.#missing === 0) {
      this.#add(this.#name, this.#bytes.all);
      this.#bytes.clear();
      this.#part = 'end of data';
    }
  }

  /** The entry, if this line ends it. */
  #takeLine(): JournalFields | undefined {
    const line = this.#bytes.all;
    const equals = line.indexOf('='.charCodeAt(0));
    if (line.byteLength === 0) return this.#takeEntry();
    const name = new TextDecoder().decode(equals === -1 ? line : line.subarray(0, equals));
    if (!/^[A-Z0-9_]+$/.test(name)) this.#add('MESSAGE', line);
    else if (equals !== -1) this.#add(name, line.subarray(equals + 1));
    else {
      this.#name = name;
      this.#part = 'size';
    }
    this.#bytes.clear();
    return undefined;
  }

  #add(name: string, value: Uint8Array): void {
    const leftBytes = this.#maxEntryBytes - this.#entryBytes - name.length;
    if (leftBytes <= 0) return;
    const kept = value.subarray(0, leftBytes);
    this.#entryBytes += name.length + kept.byteLength;
    const values = this.#fields.get(name);
    if (values === undefined) this.#fields.set(name, [valueOf(kept)]);
    else values.push(valueOf(kept));
  }

  #takeEntry(): JournalFields | undefined {
    const fields = this.#fields;
    this.#fields = new Map();
    this.#entryBytes = 0;
    if (fields.size === 0) return undefined;
    return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
  }
}

/** As journald has it in JSON: text, or the bytes where it is none. */
function valueOf(bytes: Uint8Array): unknown {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [...bytes];
  }
}
