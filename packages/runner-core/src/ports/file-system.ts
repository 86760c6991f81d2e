/**
 * The file-system calls that BaseRunner's state is read and written by; a test records, fails or cuts them short.
 * Each fails as `node:fs` does: with an error that has a `code` such as `ENOENT`.
 */
export interface FileSystem {
  /**
   * All of a file. Fails at once, whatever else is there: with `ELOOP` for a link, `ESPIPE` for a pipe or a device, and
   * `EFBIG` for a file of more than 1 MiB.
   */
  readFile(path: string): Promise<Uint8Array>;
  /** The names in a directory. */
  readDirectory(path: string): Promise<string[]>;
  /** Of the file itself, not of what a link leads to. */
  status(path: string): Promise<FileStatus>;
  /** Where a link leads to, as it is written in it. */
  readLink(path: string): Promise<string>;
  /** What is known about the file system that holds a path; nothing if that is not known. It never fails. */
  volume(path: string): Promise<VolumeFacts | undefined>;
  /** Fails where this process may not make files in the directory. */
  checkWritable(directory: string): Promise<void>;
  /** Restricts a file or a directory to its owner. Fails where another user owns it. */
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
  kind: 'file' | 'directory' | 'link' | 'other';
  /** The permission bits. */
  mode: number;
  /** The user it belongs to; left out where files have no owner (Windows). */
  uid?: number | undefined;
  /** When its content was last written, since the epoch. */
  mtimeMs?: number | undefined;
}

export interface VolumeFacts {
  /** The magic number of its kind on Linux, as statfs(2) lists them. */
  linuxType?: number | undefined;
  /** What this user can still write; absent where the file system sets no limit of its own. */
  freeBytes?: number | undefined;
  /** How many files can still be made; absent where the file system sets no limit. */
  freeFiles?: number | undefined;
}

export interface WritableFile {
  /** Writes all of it. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written last through a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
