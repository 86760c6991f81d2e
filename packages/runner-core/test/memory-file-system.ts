import { dirname } from 'node:path';
import type { FileStatus, FileSystem, WritableFile } from '../src/ports/file-system.js';

/** A file or a directory, whatever name leads to it. */
export interface DiskNode {
  /** Of the file system that holds it. */
  id: number;
  kind: 'file' | 'directory';
  mode: number;
  /** Empty for a directory. */
  bytes: Uint8Array;
}

/** The content of a disk: absolute paths and their entries. */
export type Disk = ReadonlyMap<string, Readonly<DiskNode>>;

/** What a call changed. Until it is synced, a power cut may undo it, whatever it does with the others. */
export type DiskEffect =
  /** Names in one directory, changed at once; without a node they are gone. */
  | {
      kind: 'names';
      directory: string;
      names: readonly (readonly [path: string, node: Readonly<DiskNode> | undefined])[];
    }
  | { kind: 'bytes'; id: number; bytes: Uint8Array }
  | { kind: 'mode'; id: number; mode: number };

/** What happened on a disk, in order. */
export type DiskEvent =
  | DiskEffect
  | { kind: 'sync'; id: number }
  | { kind: 'sync-directory'; directory: string }
  /** A test marked this moment. */
  | { kind: 'mark'; mark: unknown };

/** Says which calls fail, and with which code. */
export type Fault = (call: keyof FileSystem | 'write' | 'sync', path: string) => string | undefined;

const emptyDisk: Disk = new Map([['/', { id: 0, kind: 'directory', mode: 0o755, bytes: new Uint8Array() }]]);

/** An in-memory file system that records its operations, and fails on request. */
export class MemoryFileSystem implements FileSystem {
  /** Every call that changes or syncs something, as `rename /a /b`. */
  readonly changes: string[] = [];
  /** The same as effects, for whoever cuts the power in between. */
  readonly events: DiskEvent[] = [];
  fault: Fault = () => undefined;
  /** A sync that does nothing and says that it did, as a mutation of the code would leave it out. */
  ignoresSync: (call: 'sync' | 'syncDirectory', path: string) => boolean = () => false;
  readonly #nodes: Map<string, DiskNode>;
  #lastId: number;

  /** @param disk what it holds at the beginning; a copy is made of it */
  constructor(disk: Disk = emptyDisk) {
    this.#nodes = copyOf(disk);
    this.#lastId = Math.max(...[...disk.values()].map(({ id }) => id));
  }

  /** What it holds now. */
  get disk(): Disk {
    return copyOf(this.#nodes);
  }

  /** Puts a file there as if it had always been there. */
  put(path: string, content: string | Uint8Array, mode = 0o600): this {
    for (let directory = dirname(path); directory !== '/'; directory = dirname(directory)) {
      if (!this.#nodes.has(directory)) this.#nodes.set(directory, this.#newNode('directory', 0o700));
    }
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.#nodes.set(path, { ...this.#newNode('file', mode), bytes });
    return this;
  }

  forget(path: string): void {
    this.#nodes.delete(path);
  }

  text(path: string): string | undefined {
    const node = this.#nodes.get(path);
    return node?.kind === 'file' ? new TextDecoder().decode(node.bytes) : undefined;
  }

  mode(path: string): number | undefined {
    return this.#nodes.get(path)?.mode;
  }

  names(): string[] {
    return [...this.#nodes.keys()].toSorted();
  }

  mark(mark: unknown): void {
    this.events.push({ kind: 'mark', mark });
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.#judge('readFile', path);
    const node = this.#existing(path);
    if (node.kind === 'directory') throw systemError('EISDIR', path);
    return node.bytes;
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

  async readLink(path: string): Promise<string> {
    this.#judge('readLink', path);
    this.#existing(path);
    throw systemError('EINVAL', path);
  }

  async volume(): Promise<undefined> {
    return undefined;
  }

  async checkWritable(path: string): Promise<void> {
    this.#judge('checkWritable', path);
    this.#existing(path);
  }

  async makePrivate(path: string): Promise<void> {
    this.#judge('makePrivate', path);
    const node = this.#existing(path);
    this.changes.push(`makePrivate ${path}`);
    node.mode = node.kind === 'directory' ? 0o700 : node.mode & 0o700;
    this.events.push({ kind: 'mode', id: node.id, mode: node.mode });
  }

  async makeDirectory(path: string, mode: number): Promise<void> {
    this.#judge('makeDirectory', path);
    this.#mustBeFree(path);
    this.changes.push(`makeDirectory ${path}`);
    this.#setNames([path, this.#newNode('directory', mode)]);
  }

  async createFile(path: string, mode: number): Promise<WritableFile> {
    this.#judge('createFile', path);
    this.#mustBeFree(path);
    this.changes.push(`createFile ${path}`);
    const node = this.#newNode('file', mode);
    this.#setNames([path, node]);
    return this.#writable(path, node);
  }

  /** Truncates and overwrites an existing file: a way in which a state must never be stored. */
  async openInPlace(path: string, mode: number): Promise<WritableFile> {
    this.#judge('createFile', path);
    const node = this.#nodes.get(path);
    if (!node) return this.createFile(path, mode);
    node.bytes = new Uint8Array();
    this.events.push({ kind: 'bytes', id: node.id, bytes: node.bytes });
    return this.#writable(path, node);
  }

  async rename(from: string, to: string): Promise<void> {
    this.#judge('rename', from);
    const node = this.#existing(from);
    this.changes.push(`rename ${from} ${to}`);
    this.#setNames([from, undefined], [to, node]);
  }

  async removeFile(path: string): Promise<void> {
    this.#judge('removeFile', path);
    this.#existing(path);
    this.changes.push(`removeFile ${path}`);
    this.#setNames([path, undefined]);
  }

  async syncDirectory(path: string): Promise<void> {
    this.#judge('syncDirectory', path);
    this.#existing(path);
    if (this.ignoresSync('syncDirectory', path)) return;
    this.changes.push(`syncDirectory ${path}`);
    this.events.push({ kind: 'sync-directory', directory: path });
  }

  #writable(path: string, node: DiskNode): WritableFile {
    return {
      write: async (bytes) => {
        this.#judge('write', path);
        this.changes.push(`write ${path}`);
        node.bytes = bytes.slice();
        this.events.push({ kind: 'bytes', id: node.id, bytes: node.bytes });
      },
      sync: async () => {
        this.#judge('sync', path);
        if (this.ignoresSync('sync', path)) return;
        this.changes.push(`sync ${path}`);
        this.events.push({ kind: 'sync', id: node.id });
      },
      close: async () => undefined,
    };
  }

  #setNames(...names: [path: string, node: DiskNode | undefined][]): void {
    for (const [path, node] of names) {
      if (node) this.#nodes.set(path, node);
      else this.#nodes.delete(path);
    }
    const directory = dirname(names[0]?.[0] ?? '/');
    this.events.push({ kind: 'names', directory, names: names.map(([path, node]) => [path, node && { ...node }]) });
  }

  #newNode(kind: DiskNode['kind'], mode: number): DiskNode {
    this.#lastId += 1;
    return { id: this.#lastId, kind, mode, bytes: new Uint8Array() };
  }

  #judge(call: Parameters<Fault>[0], path: string): void {
    const code = this.fault(call, path);
    if (code !== undefined) throw systemError(code, path);
  }

  #existing(path: string): DiskNode {
    const node = this.#nodes.get(path);
    if (node) return node;
    throw systemError(this.#nodes.get(dirname(path))?.kind === 'file' ? 'ENOTDIR' : 'ENOENT', path);
  }

  #mustBeFree(path: string): void {
    if (this.#nodes.has(path)) throw systemError('EEXIST', path);
    if (this.#existing(dirname(path)).kind === 'file') throw systemError('ENOTDIR', path);
  }
}

function copyOf(disk: Disk): Map<string, DiskNode> {
  return new Map([...disk].map(([path, node]) => [path, { ...node }]));
}

/** Without a stack, which would take longer than all else that such a disk does. */
function systemError(code: string, path: string): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = Object.assign(new Error(`${code}: ${path}`), { code });
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}
