import type { FileStatus, FileSystem } from '../ports/file-system.js';
import type { FailedCall } from './failed-call.js';
import type { StoragePlace, StorageProblemCode } from './storage-problems.js';
import type { WalkedPath } from './walk-path.js';

/** Which problem it is, and the values of its message other than the place. */
export type Diagnosis = Partial<StoragePlace> & { code: StorageProblemCode };

/** What a problem is judged by. */
export interface StorageScene extends FailedCall {
  fileSystem: FileSystem;
  directory: string;
  /** Another file than this one has its name from the agent, so that no setting moves it alone. */
  statePath: string;
  /** Where the path of the directory leads. */
  walked: WalkedPath;
  /** What is at `blocked`. */
  file: FileStatus | undefined;
}
