import { dirname } from 'node:path';
import process from 'node:process';
import { gatePathOf, journalPathOf } from '../config/agent-files.js';
import { followStatePath } from '../disk/follow-state-path.js';
import { volumeOf } from '../disk/impermanence.js';
import { errorCode } from '../disk/error-code.js';
import { type StorageProblem, storageProblem } from '../disk/storage-problem.js';
import { walkPath } from '../disk/walk-path.js';
import type { FileStatus, FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';

/** The properties of the state directory, seen from outside. Nothing in it is secret. */
export interface DirectoryExamination {
  directory: string;
  /** `hidden`: this user may not even look. */
  kind: 'directory' | 'missing' | 'no-directory' | 'hidden';
  /** Its permission bits and its owner, where they can be told. */
  mode?: number | undefined;
  uid?: number | undefined;
  /** The user that this process runs as. */
  readerUid?: number | undefined;
  /** What keeps this user from writing there. */
  writeProblem?: StorageProblem | undefined;
  /** Something else has the name of one of the agent's records: of commands, or of the gate. */
  recordProblem?: StorageProblem | undefined;
  /** Of the disk that holds it, or will hold it. */
  freeBytes?: number | undefined;
}

export interface ExamineDirectoryOptions {
  statePath: string;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
}

/** Looks at the state directory, without a lock and without a write: also beside a running agent. It never throws. */
export async function examineDirectory({
  statePath: configuredPath,
  fileSystem = nodeFileSystem,
}: ExamineDirectoryOptions): Promise<DirectoryExamination> {
  const statePath = await followStatePath(fileSystem, configuredPath);
  const directory = dirname(statePath);
  const [found, volume] = await Promise.all([lookAt(fileSystem, directory), volumeOf(fileSystem, directory)]);
  const { kind, status } = found;
  return {
    directory,
    kind,
    mode: status?.mode,
    uid: status?.uid,
    readerUid: readerUid(),
    writeProblem: await writeProblem(fileSystem, statePath, kind),
    recordProblem: kind === 'directory' ? await findRecordProblem(fileSystem, statePath) : undefined,
    freeBytes: volume?.freeBytes,
  };
}

async function lookAt(
  fileSystem: FileSystem,
  directory: string,
): Promise<{ kind: DirectoryExamination['kind']; status?: FileStatus }> {
  const walked = await walkPath(fileSystem, directory);
  if (walked.kind === 'found') {
    const { status } = walked;
    return { kind: status.kind === 'directory' ? 'directory' : 'no-directory', status };
  }
  if (walked.kind === 'refused') return { kind: 'hidden' };
  // The agent does not create the target of a link.
  return { kind: walked.kind === 'missing' && walked.link === undefined ? 'missing' : 'no-directory' };
}

/** If the directory is missing, the nearest existing one above it must be writable. */
async function writeProblem(
  fileSystem: FileSystem,
  statePath: string,
  kind: DirectoryExamination['kind'],
): Promise<StorageProblem | undefined> {
  for (let directory = dirname(statePath); ; directory = dirname(directory)) {
    try {
      await fileSystem.checkWritable(directory);
      return undefined;
    } catch (error) {
      const isAbove = kind === 'missing' && errorCode(error) === 'ENOENT' && dirname(directory) !== directory;
      if (!isAbove) return await storageProblem(fileSystem, error, statePath);
    }
  }
}

/** No user's permissions count here: the agent may be another user. */
async function findRecordProblem(fileSystem: FileSystem, statePath: string): Promise<StorageProblem | undefined> {
  for (const path of [journalPathOf(statePath), gatePathOf(statePath)]) {
    const status = await fileSystem.status(path).catch(() => undefined);
    if (status === undefined || status.kind === 'file') continue;
    const error = Object.assign(new Error('It is no file.'), {
      code: status.kind === 'link' ? 'ELOOP' : 'EISDIR',
      path,
    });
    return storageProblem(fileSystem, error, { path, statePath });
  }
  return undefined;
}

/** Unknown on Windows, and where Deno may not ask. */
function readerUid(): number | undefined {
  try {
    return process.geteuid?.();
  } catch {
    return undefined;
  }
}
