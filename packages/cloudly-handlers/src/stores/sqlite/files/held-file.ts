import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** A file that is open to be looked at, beside SQLite. */
export interface HeldFile {
  /** Which file it is, whatever has its name by now. */
  identity: string;
  /** As many bytes as the buffer takes, from `position`. Resolves with how many there were. */
  read(this: void, buffer: Uint8Array, position: number): number;
  facts(this: void): BigIntStats;
  /** Call it when SQLite has closed the file. */
  release(this: void): void;
}

export interface HoldOptions {
  /** Makes the file when there is none, for its owner alone: SQLite itself would let others read it. */
  create?: boolean;
}

/**
 * Opens a file that SQLite has open in this process too, or is about to. The system takes all locks of a process from a file
 * when the process closes any descriptor of it (POSIX, fcntl), and SQLite relies on its locks. So one descriptor serves all
 * who hold the file, and it is closed with the last of them.
 */
export function holdFile(path: string, { create = false }: HoldOptions = {}): HeldFile {
  const known = statSync(path, { bigint: true, throwIfNoEntry: false });
  // To open a pipe would wait for whoever writes into it.
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
  /** The first one is read; further ones were opened while the file got this name, and may not be closed before it. */
  descriptors: number[];
  holders: number;
}

/** Of the whole process, as the locks are. */
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
