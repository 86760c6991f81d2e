/**
 * The file-system calls that BaseRunner's state is read and written by; a test records, fails or cuts them short.
 * Each fails as `node:fs` does: with an error that has a `code` such as `ENOENT`.
 */
export interface FileSystem {
  /** Of a regular file alone: a pipe, a socket or a device fails at once with `EFTYPE`. */
  readFile(path: string): Promise<Uint8Array>;
  /** The names in a directory. */
  readDirectory(path: string): Promise<string[]>;
  /** Of the file itself, not of what a link leads to. */
  status(path: string): Promise<FileStatus>;
  /** Fails where this process may not make files in the directory. */
  checkWritable(directory: string): Promise<void>;
  /** Lets only its owner at a file or a directory from now on. Fails where another user owns it. */
  makePrivate(path: string): Promise<void>;
  /** One level; fails with `EEXIST` where there is something. */
  makeDirectory(path: string, mode: number): Promise<void>;
  /** Fails with `EEXIST` where there is something. */
  createFile(path: string, mode: number): Promise<WritableFile>;
  /** Replaces what is at `to`, at once for every reader. */
  rename(from: string, to: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** Makes what was created, renamed and removed in the directory last through a power cut. */
  syncDirectory(path: string): Promise<void>;
}

export interface FileStatus {
  kind: 'file' | 'directory' | 'other';
  /** The permission bits. */
  mode: number;
  /** The user it belongs to; left out where files belong to nobody (Windows). */
  uid?: number | undefined;
  /** When its content was last written, since the epoch. */
  mtimeMs?: number | undefined;
}

export interface WritableFile {
  /** Writes all of it. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written last through a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
