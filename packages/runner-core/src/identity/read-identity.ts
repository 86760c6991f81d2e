import type { FileSystem } from '../ports/file-system.js';
import { BaseRunnerError } from '../runner-error.js';
import type { Dormancy } from './identity.js';
import type { IdentityNotice } from './identity-store.js';

export interface ReadIdentityOptions {
  statePath: string;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
}

/** What is stored, as it may be shown: nothing in it is secret. */
export interface StoredIdentity {
  /** Where it was found; `none` where there is no usable identity, and the other members are absent. */
  source: 'state-file' | 'last-good-copy' | 'predecessor' | 'none';
  nodeId?: string | undefined;
  deviceUuid?: string | undefined;
  previousNodeId?: string | undefined;
  enrolment?:
    | {
        origin: string;
        cloudlyId?: string | undefined;
        provisional: boolean;
        hasNodeToken: boolean;
        dormancy?: Dormancy | undefined;
      }
    | undefined;
  /** Damage and permission problems. */
  notices: readonly IdentityNotice[];
}

/** What the state directory holds, read without a lock and without a write: also beside a running agent. It never throws. */
export const readIdentity = async (_options: ReadIdentityOptions): Promise<StoredIdentity> => {
  throw new BaseRunnerError('invalid-configuration', 'readIdentity: being written');
};
