import { dirname } from 'node:path';
import type { FileStatus, FileSystem } from '../src/ports/file-system.js';

interface File {
  kind: 'file';
  bytes: Uint8Array;
  mode: number;
  /** What a power cut leaves of the bytes for certain. */
  syncedBytes: Uint8Array | undefined;
}

interface Directory {
  kind: 'directory';
  mode: number;
}

type Entries = Map<string, File | Directory>;

/** What becomes of what was not yet synced when the power is cut. */
export interface PowerCut {
  /** Names that were made, changed and removed. */
  names: 'kept' | 'lost';
  /** The bytes of files. */
  bytes: 'kept' | 'halved' | 'lost';
}

/** Says which calls fail, and with which code. */
export type Fault = (call: keyof FileSystem | 'write' | 'sync', path: string) => string | undefined;

/** A file system in memory that forgets what was not synced, and fails where it is told to. */
export class MemoryFileSystem implements FileSystem {
  /** Every call that changes something, as `rename /a /b`. */
  readonly changes: string[] = [];
  fault: Fault = () => undefined;
  readonly #entries: Entries;
  readonly #syncedEntries: Entries;

  constructor(entries: Entries = new Map([['/', { kind: 'directory', mode: 0o755 }]])) {
    this.#entries = new Map(entries);
    this.#syncedEntries = new Map(entries);
  }

  /** Puts a file there as if it had always been there. */
  put(path: string, content: string | Uint8Array, mode = 0o600): this {
    for (let directory = dirname(path); directory !== '/'; directory = dirname(directory)) {
      if (!this.#entries.has(directory)) this.#putEntry(directory, { kind: 'directory', mode: 0o700 });
    }
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.#putEntry(path, { kind: 'file', bytes, mode, syncedBytes: bytes });
    return this;
  }

  text(path: string): string | undefined {
    const entry = this.#entries.get(path);
    return entry?.kind === 'file' ? new TextDecoder().decode(entry.bytes) : undefined;
  }

  mode(path: string): number | undefined {
    return this.#entries.get(path)?.mode;
  }

  names(): string[] {
    return [...this.#entries.keys()].toSorted();
  }

  forget(path: string): void {
    this.#entries.delete(path);
    this.#syncedEntries.delete(path);
  }

  /** The disk as the next start finds it. */
  afterPowerCut({ names, bytes }: PowerCut): MemoryFileSystem {
    const entries: Entries = new Map();
    const left = names === 'kept' ? this.#entries : this.#syncedEntries;
    for (const path of [...left.keys()].toSorted()) {
      const entry = left.get(path);
      // What is in a directory goes with it.
      if (!entry || !(path === '/' || entries.has(dirname(path)))) continue;
      if (entry.kind === 'directory') entries.set(path, entry);
      else {
        const remaining = remains(entry, bytes);
        entries.set(path, { ...entry, bytes: remaining, syncedBytes: remaining });
      }
    }
    return new MemoryFileSystem(entries);
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.#judge('readFile', path);
    const entry = this.#existing(path);
    if (entry.kind === 'directory') throw systemError('EISDIR', path);
    return entry.bytes;
  }

  async readDirectory(path: string): Promise<string[]> {
    this.#judge('readDirectory', path);
    this.#existing(path);
    return this.names()
      .filter((name) => name !== '/' && dirname(name) === path)
      .map((name) => name.slice(path === '/' ? 1 : path.length + 1));
  }

  async status(path: string): Promise<FileStatus> {
    this.#judge('status', path);
    const { kind, mode } = this.#existing(path);
    return { kind, mode };
  }

  async checkWritable(path: string): Promise<void> {
    this.#judge('checkWritable', path);
    this.#existing(path);
  }

  async makePrivate(path: string): Promise<void> {
    this.#judge('makePrivate', path);
    const entry = this.#existing(path);
    this.#record('makePrivate', path);
    this.#putEntry(path, { ...entry, mode: entry.kind === 'directory' ? 0o700 : entry.mode & 0o700 });
  }

  async makeDirectory(path: string, mode: number): Promise<void> {
    this.#judge('makeDirectory', path);
    this.#mustBeFree(path);
    this.#record('makeDirectory', path);
    this.#entries.set(path, { kind: 'directory', mode });
  }

  async createFile(path: string, mode: number): ReturnType<FileSystem['createFile']> {
    this.#judge('createFile', path);
    this.#mustBeFree(path);
    this.#record('createFile', path);
    const file: File = { kind: 'file', bytes: new Uint8Array(), mode, syncedBytes: undefined };
    this.#entries.set(path, file);
    return {
      write: async (bytes) => {
        this.#judge('write', path);
        this.#record('write', path);
        file.bytes = bytes.slice();
      },
      sync: async () => {
        this.#judge('sync', path);
        this.#record('sync', path);
        file.syncedBytes = file.bytes;
      },
      close: async () => undefined,
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.#judge('rename', from);
    const entry = this.#existing(from);
    this.#record('rename', from, to);
    this.#entries.delete(from);
    this.#entries.set(to, entry);
  }

  async removeFile(path: string): Promise<void> {
    this.#judge('removeFile', path);
    this.#existing(path);
    this.#record('removeFile', path);
    this.#entries.delete(path);
  }

  async syncDirectory(path: string): Promise<void> {
    this.#judge('syncDirectory', path);
    this.#existing(path);
    this.#record('syncDirectory', path);
    for (const name of new Set([...this.#entries.keys(), ...this.#syncedEntries.keys()])) {
      if (dirname(name) !== path) continue;
      const entry = this.#entries.get(name);
      if (entry) this.#syncedEntries.set(name, entry);
      else this.#syncedEntries.delete(name);
    }
  }

  #putEntry(path: string, entry: File | Directory): void {
    this.#entries.set(path, entry);
    this.#syncedEntries.set(path, entry);
  }

  #record(...words: (string | undefined)[]): void {
    this.changes.push(words.join(' '));
  }

  #judge(call: Parameters<Fault>[0], path: string): void {
    const code = this.fault(call, path);
    if (code !== undefined) throw systemError(code, path);
  }

  #existing(path: string): File | Directory {
    const entry = this.#entries.get(path);
    if (entry) return entry;
    throw systemError(this.#entries.get(dirname(path))?.kind === 'file' ? 'ENOTDIR' : 'ENOENT', path);
  }

  #mustBeFree(path: string): void {
    if (this.#entries.has(path)) throw systemError('EEXIST', path);
    if (this.#existing(dirname(path)).kind === 'file') throw systemError('ENOTDIR', path);
  }
}

const remains = ({ bytes, syncedBytes }: File, fate: PowerCut['bytes']): Uint8Array => {
  if (bytes === syncedBytes || fate === 'kept') return bytes;
  if (fate === 'halved') return bytes.slice(0, Math.floor(bytes.length / 2));
  return syncedBytes ?? new Uint8Array();
};

const systemError = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });
