import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** A file that is open for reading while SQLite has it open, too. */
export interface HeldFile {
  /** Identifies the file, even if another file has its name by now. */
  identity: string;
  /** Reads as many bytes as the buffer takes, from `position`, and returns how many there were. */
  read(this: void, buffer: Uint8Array, position: number): number;
  facts(this: void): BigIntStats;
  /** Call this when SQLite has closed the file. */
  release(this: void): void;
}

export interface HoldOptions {
  /** Creates the file if there is none, readable by its owner alone. SQLite would let others read it. */
  create?: boolean;
}

/**
 * Opens a file that SQLite has open in this process, too, or will open. When a process closes any descriptor of a file, it
 * loses all its locks on that file (POSIX, fcntl), and SQLite relies on its locks. So all holders of the file share one
 * descriptor, which is closed with the last of them.
 */
export function holdFile(path: string, { create = false }: HoldOptions = {}): HeldFile {
  const known = statSync(path, { bigint: true, throwIfNoEntry: false });
  // Opening a pipe would wait for a writer.
  if (known && !known.isFile()) throw new Error(`${path} is not a file`);
  const entry = (known && held.get(fileIdentity(known))) ?? open(path, create);
  entry.holders += 1;
  const [descriptor = -1] = entry.descriptors;
  let isReleased = false;
  return {
    identity: entry.identity,
    read: (buffer, position) => readSync(descriptor, buffer, 0, buffer.byteLength, position),
    facts: () => fstatSync(descriptor, { bigint: true }),
    release() {
      if (isReleased) return;
      isReleased = true;
      entry.holders -= 1;
      if (entry.holders > 0) return;
      held.delete(entry.identity);
      for (const one of entry.descriptors) closeSync(one);
    },
  };
}

export function fileIdentity({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

interface Entry {
  identity: string;
  /** The first one is read. Others were opened while the file got this name, and must not be closed before the first. */
  descriptors: number[];
  holders: number;
}

/** For the whole process, as the locks are. */
const held = new Map<string, Entry>();

function open(path: string, create: boolean): Entry {
  const descriptor = openSync(path, create ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY, 0o600);
  const identity = fileIdentity(fstatSync(descriptor, { bigint: true }));
  const before = held.get(identity);
  if (before) {
    before.descriptors.push(descriptor);
    return before;
  }
  const entry: Entry = { identity, descriptors: [descriptor], holders: 0 };
  held.set(identity, entry);
  return entry;
}
