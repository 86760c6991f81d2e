import { dirname } from 'node:path';
import { systemClock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { systemRandomness } from '../ports/randomness.js';
import { chooseState } from './choose-state.js';
import type { Dormancy, Enrolment } from './identity.js';
import type { IdentityNotice } from './identity-store.js';
import { loadStates } from './state-directory.js';
import { errorCode, storageProblem } from './storage-problem.js';

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
  enrolment?: StoredEnrolment | undefined;
  /** Damage and permission problems, with what an agent that starts now will do about them. */
  notices: readonly IdentityNotice[];
}

export interface StoredEnrolment {
  /** Empty for a predecessor's token that no Cloudly was configured for yet. */
  origin: string;
  cloudlyId?: string | undefined;
  provisional: boolean;
  hasNodeToken: boolean;
  dormancy?: Dormancy | undefined;
}

/**
 * What the state directory holds, read without a lock and without a write: also beside a running agent. It never throws.
 */
export const readIdentity = async ({
  statePath,
  fileSystem = nodeFileSystem,
}: ReadIdentityOptions): Promise<StoredIdentity> => {
  const chosen = chooseState(await loadStates(fileSystem, statePath, systemClock), systemRandomness);
  const stored = 'stored' in chosen ? chosen.stored : undefined;
  const notices = [...chosen.notices, ...(await writeNotices(fileSystem, statePath))];
  if (!stored) return { source: 'none', notices };
  const { nodeId, deviceUuid, previousNodeId, enrolment } = stored.document.identity;
  return {
    source: stored.source,
    nodeId,
    deviceUuid,
    previousNodeId,
    enrolment: enrolment && withoutSecrets(enrolment),
    notices,
  };
};

const writeNotices = async (fileSystem: FileSystem, statePath: string): Promise<IdentityNotice[]> => {
  try {
    await fileSystem.checkWritable(dirname(statePath));
    return [];
  } catch (error) {
    // A directory that is missing is made by the agent.
    if (errorCode(error) === 'ENOENT') return [];
    return [{ level: 'error', message: `The identity cannot be stored: ${storageProblem(error, statePath)}.` }];
  }
};

const withoutSecrets = ({ origin, cloudlyId, provisional, nodeToken, dormancy }: Enrolment): StoredEnrolment => ({
  origin,
  cloudlyId,
  provisional,
  hasNodeToken: nodeToken !== undefined,
  dormancy,
});
