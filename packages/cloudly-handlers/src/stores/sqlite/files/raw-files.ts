import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { HeldFile } from './held-file.js';
import { type LogMark, MARK_PAGE, markInPage, readMark } from './log-mark.js';

/** What the file of a database says about itself, as it is on the disk. */
export interface RawMain {
  sizeBytes: number;
  kind: 'empty' | 'database' | 'no-database';
  applicationId: number;
  userVersion: number;
  hasTables: boolean;
  mark?: LogMark;
  /** The start of the first page, and how long pages are. */
  header: Buffer;
  pageBytes: number;
}

const HEADER_BYTES = 512;

/** See https://www.sqlite.org/fileformat.html#the_database_header */
export function readRawMain(file: HeldFile): RawMain {
  const sizeBytes = Number(file.facts().size);
  const header = Buffer.alloc(HEADER_BYTES);
  const isDatabase = file.read(header, 0) === HEADER_BYTES && header.toString('latin1', 0, 16) === 'SQLite format 3\0';
  const pageBytes = pageBytesOf(header.readUInt16BE(16));
  const page = Buffer.alloc(isDatabase ? pageBytes : 0);
  const mark =
    isDatabase && file.read(page, (MARK_PAGE - 1) * pageBytes) === page.length ? markInPage(page) : undefined;
  return {
    sizeBytes,
    kind: sizeBytes === 0 ? 'empty' : isDatabase ? 'database' : 'no-database',
    applicationId: header.readUInt32BE(68),
    userVersion: header.readUInt32BE(60),
    hasTables: isDatabase && header.readUInt16BE(103) > 0,
    ...(mark && { mark }),
    header,
    pageBytes,
  };
}

function pageBytesOf(stored: number): number {
  return stored === 1 ? 65_536 : stored;
}

/** The content of a write-ahead log. */
export interface RawLog {
  frameCount: number;
  /** In the order in which they were written. */
  marks: LogMark[];
}

const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const LOG_MAGICS = new Set([0x377f0682, 0x377f0683]);
const SALTS = { start: 16, end: 24 } as const;

/** See https://www.sqlite.org/fileformat.html#the_write_ahead_log. Frames of earlier logs have other salts. */
export function readRawLog(path: string): RawLog {
  const log: RawLog = { frameCount: 0, marks: [] };
  const descriptor = openIfThere(path);
  if (descriptor === undefined) return log;
  try {
    const header = Buffer.alloc(LOG_HEADER_BYTES);
    if (readSync(descriptor, header, 0, LOG_HEADER_BYTES, 0) < LOG_HEADER_BYTES) return log;
    const pageBytes = header.readUInt32BE(8);
    if (!LOG_MAGICS.has(header.readUInt32BE(0)) || pageBytes < 512 || pageBytes > 65_536) return log;
    const salts = header.subarray(SALTS.start, SALTS.end);
    const frame = Buffer.alloc(FRAME_HEADER_BYTES);
    const page = Buffer.alloc(pageBytes);
    for (let position = LOG_HEADER_BYTES; ; position += FRAME_HEADER_BYTES + pageBytes) {
      if (readSync(descriptor, frame, 0, FRAME_HEADER_BYTES, position) < FRAME_HEADER_BYTES) return log;
      if (!frame.subarray(8, 16).equals(salts)) return log;
      log.frameCount += 1;
      if (frame.readUInt32BE(0) !== MARK_PAGE) continue;
      if (readSync(descriptor, page, 0, pageBytes, position + FRAME_HEADER_BYTES) < pageBytes) return log;
      const mark = markInPage(page);
      if (mark) log.marks.push(mark);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** A rollback journal that SQLite would apply. */
export interface RawJournal {
  /** How long the database was before. */
  pageCount: number;
  /** The first page as it was before, if the journal holds no other. */
  onlyFirstPage?: Buffer;
}

const JOURNAL_MAGIC = 'd9d505f920a163d7';

/** See https://www.sqlite.org/fileformat.html#the_rollback_journal */
export function readRawJournal(path: string): RawJournal | undefined {
  const journal = readIfThere(path);
  if (!journal || journal.length < 28 || journal.toString('hex', 0, 8) !== JOURNAL_MAGIC) return undefined;
  const [pageCount, sectorBytes, pageBytes] = [16, 20, 24].map((offset) => journal.readUInt32BE(offset));
  if (pageCount === undefined || sectorBytes === undefined || pageBytes === undefined) return undefined;
  const recordBytes = 4 + pageBytes + 4;
  const isOne = journal.length <= sectorBytes + recordBytes && journal.length >= sectorBytes + 4 + pageBytes;
  const isFirst = isOne && journal.readUInt32BE(sectorBytes) === 1;
  return {
    pageCount,
    ...(isFirst && { onlyFirstPage: journal.subarray(sectorBytes + 4, sectorBytes + 4 + pageBytes) }),
  };
}

/** The mark that was noted when the newest log began. */
export function readNotedMark(path: string): LogMark | undefined {
  return readMark(readIfThere(path)?.toString('latin1') ?? '');
}

function openIfThere(path: string): number | undefined {
  return ifThere(() => openSync(path, 'r'));
}

function readIfThere(path: string): Buffer | undefined {
  return ifThere(() => readFileSync(path));
}

function ifThere<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
