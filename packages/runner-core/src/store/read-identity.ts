import { dirname } from 'node:path';
import { registrationAt } from '../identity/registration.js';
import { systemClock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { systemRandomness } from '../ports/randomness.js';
import type { Dormancy, Enrolment, Identity } from '../identity/identity.js';
import { type Impermanence, impermanenceOf } from '../disk/impermanence.js';
import type { IdentityNotice } from '../identity/identity-store.js';
import { findStored, type FoundStored } from './find-identity.js';
import { notStored } from './not-stored.js';
import type { Explanation } from '../values/problem.js';
import { setAsideNotices } from './set-aside.js';
import { errorCode } from '../disk/error-code.js';
import { followStatePath } from '../disk/follow-state-path.js';
import { isDenied } from '../disk/is-denied.js';
import { ownedByAnother } from '../disk/owned-by-another.js';
import { storageProblem } from '../disk/storage-problem.js';

export interface ReadIdentityOptions {
  statePath: string;
  /**
   * Whether this process runs as the agent's user: only then does advice for the agent apply to this user. @default
   * false
   */
  isAgentsUser?: boolean | undefined;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
}

/** What is stored, as it may be shown: nothing in it is secret. */
export interface StoredIdentity {
  /**
   * Where it was found. The other members are absent with `none`, where there is no usable identity, and `unreadable`,
   * where this process cannot tell.
   */
  source: 'state-file' | 'last-good-copy' | 'legacy' | 'none' | 'unreadable';
  /** Of the file's content; 0 for a legacy file. */
  format?: number | undefined;
  nodeId?: string | undefined;
  deviceUuid?: string | undefined;
  previousNodeId?: string | undefined;
  enrolment?: StoredEnrolment | undefined;
  /** Present if this user may not read it, although the agent's user may. */
  isDenied?: true | undefined;
  /** Absent if the data there lasts, or if that is not known. */
  impermanence?: Impermanence | undefined;
  /** Damage and permission problems, and what an agent that starts now will do about them. */
  notices: readonly IdentityNotice[];
}

export interface StoredEnrolment {
  /** Empty for a legacy token that no Cloudly was configured for yet. */
  origin: string;
  cloudlyId?: string | undefined;
  legacy: boolean;
  hasNodeToken: boolean;
  /**
   * What an operator compares before approving the node; present if it was waiting for approval at the last answer of
   * Cloudly.
   */
  approvalCode?: string | undefined;
  dormancy?: Dormancy | undefined;
}

/**
 * What the state directory holds, read without a lock and without a write: also beside a running agent. It never throws.
 */
export async function readIdentity({
  statePath: configuredPath,
  isAgentsUser = false,
  fileSystem = nodeFileSystem,
}: ReadIdentityOptions): Promise<StoredIdentity> {
  const statePath = await followStatePath(fileSystem, configuredPath);
  return describeStored(await findStored({ statePath, fileSystem, clock: systemClock, randomness: systemRandomness }), {
    isAgentsUser,
    fileSystem,
  });
}

/** The same of what was found already. */
export async function describeStored(
  found: FoundStored,
  { isAgentsUser, fileSystem }: { isAgentsUser: boolean; fileSystem: FileSystem },
): Promise<StoredIdentity> {
  const { statePath, chosen, stored } = found;
  const denial = isAgentsUser ? undefined : await readDenial(fileSystem, found);
  // A reader without access does not report what the agent would say and do.
  const notices = denial
    ? [denial]
    : [
        ...chosen.notices,
        ...(await writeNotices(fileSystem, statePath, isAgentsUser)),
        ...(await setAsideNotices(fileSystem, statePath)),
      ];
  const impermanence = await impermanenceOf(fileSystem, statePath);
  if (!stored) {
    const source = chosen.kind === 'hands-off' ? 'unreadable' : 'none';
    return { source, ...(denial && { isDenied: true }), impermanence, notices };
  }
  const { identity } = stored.document;
  const { nodeId, deviceUuid, previousNodeId, enrolment } = identity;
  return {
    source: stored.source,
    format: stored.source === 'legacy' ? 0 : stored.document.format,
    nodeId,
    deviceUuid,
    previousNodeId,
    ...(denial && { isDenied: true }),
    impermanence,
    enrolment: enrolment && { ...withoutSecrets(enrolment), approvalCode: await approvalCodeOf(identity) },
    notices,
  };
}

/** The owner of the state file, if this user may not read it. */
async function readDenial(
  fileSystem: FileSystem,
  { statePath, files: { state } }: FoundStored,
): Promise<IdentityNotice | undefined> {
  if (state.kind !== 'unreadable' || !state.isDenied) return undefined;
  const owner = await ownerOf(fileSystem, statePath);
  const denial = owner === 'hidden' ? await denialOf(fileSystem, dirname(statePath)) : ownedByAnother(statePath, owner);
  return denial && { level: 'error', code: 'state-denied', ...denial };
}

async function writeNotices(
  fileSystem: FileSystem,
  statePath: string,
  isAgentsUser: boolean,
): Promise<IdentityNotice[]> {
  const directory = dirname(statePath);
  try {
    await fileSystem.checkWritable(directory);
    return [];
  } catch (error) {
    // A directory that is missing is made by the agent.
    if (errorCode(error) === 'ENOENT') return [];
    // The read has already reported a file in its place.
    const isFile = await fileSystem.status(directory).then(
      ({ kind }) => kind === 'file',
      () => false,
    );
    if (isFile) return [];
    const denial = isDenied(error) && !isAgentsUser ? await denialOf(fileSystem, directory) : undefined;
    return denial === undefined
      ? [{ ...notStored(await storageProblem(fileSystem, error, statePath)), level: 'error', code: 'state-not-stored' }]
      : [
          {
            level: 'error',
            code: 'state-denied',
            ...denial,
            message: `This user cannot store the identity. ${denial.message}`,
          },
        ];
  }
}

async function denialOf(fileSystem: FileSystem, path: string): Promise<Explanation | undefined> {
  return ownedByAnother(path, await ownerOf(fileSystem, path));
}

/** `undefined` if files have no owner. */
async function ownerOf(fileSystem: FileSystem, path: string): Promise<number | 'hidden' | undefined> {
  return fileSystem.status(path).then(
    ({ uid }) => uid,
    () => 'hidden',
  );
}

/** Without what a newer version may keep in it, which may be secret. */
export function knownDormancy({ since, verdictOn, joinTokenDigest, cloudlyUrl }: Dormancy): Dormancy {
  return {
    since,
    verdictOn,
    ...(joinTokenDigest !== undefined && { joinTokenDigest }),
    cloudlyUrl,
  };
}

/** A Cloudly that names itself and gives no token lets the node wait for its operator. */
async function approvalCodeOf(identity: Identity): Promise<string | undefined> {
  const { origin = '', cloudlyId, nodeToken, dormancy } = identity.enrolment ?? {};
  if (cloudlyId === undefined || nodeToken || dormancy || !URL.canParse(origin)) return undefined;
  return (await registrationAt(identity, new URL(origin))).approvalCode;
}

function withoutSecrets({ origin, cloudlyId, legacy, nodeToken, dormancy }: Enrolment): StoredEnrolment {
  return {
    origin,
    cloudlyId,
    legacy,
    hasNodeToken: nodeToken !== undefined,
    dormancy: dormancy && knownDormancy(dormancy),
  };
}
