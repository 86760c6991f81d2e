import { dirname, join } from 'node:path';
import process from 'node:process';
import type { Environment } from '../config/parse-config.js';
import { readableConfigFromEnv } from '../config/config-from-env.js';
import { registrationAt } from '../identity/registration.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import type { Dormancy, Enrolment, Identity } from '../identity/identity.js';
import type { IdentityNotice } from '../identity/identity-store.js';
import type { FoundIdentity } from '../store/find-identity.js';
import { judgedMistakesOf } from '../store/judge-configuration.js';
import { lookForIdentity } from '../store/preview-identity.js';
import { nameOfToken } from '../identity/name-of-token.js';
import { describeStored, knownDormancy, type StoredIdentity } from '../store/read-identity.js';
import type { FoundState } from '../store/state-directory.js';
import { isRemnant } from '../store/state-file-names.js';

/** What is stored about this node, for each file. Nothing in it is secret. */
export interface IdentityDescription {
  /** As in `StoredIdentity`: the other members of the identity are absent with `none` and `unreadable`. */
  source: StoredIdentity['source'];
  nodeId?: string | undefined;
  deviceUuid?: string | undefined;
  previousNodeId?: string | undefined;
  /** The format of the file that the identity comes from; 0 for a legacy file. */
  format?: number | undefined;
  /** What an operator compares before approving the node; absent where no Cloudly is known. */
  approvalCode?: string | undefined;
  enrolment?: DescribedEnrolment | undefined;
  /** With Cloudlys that were configured before. */
  otherEnrolments: readonly DescribedEnrolment[];
  files: readonly DescribedFile[];
  notices: StoredIdentity['notices'];
}

export interface DescribedEnrolment {
  /** Empty for a legacy token that no Cloudly was configured for yet. */
  origin: string;
  cloudlyId?: string | undefined;
  legacy: boolean;
  /** When its first node token was stored: RFC 3339, by the device's clock. */
  enrolledAt?: string | undefined;
  /** The ID by which Cloudly lists the token, or a fingerprint. */
  nodeToken?: string | undefined;
  previousNodeToken?: string | undefined;
  dormancy?: Dormancy | undefined;
}

export interface DescribedFile {
  path: string;
  kind: 'state-file' | 'last-good-copy' | 'remnant';
  /** Of a remnant: `kept`. */
  condition: FoundState['kind'] | 'kept';
}

/**
 * The stored identity with its files, read without a lock and without a write: also beside a running agent. It shows
 * what is on the disk, not what an agent with this environment would do with it. Mistakes in the environment are among
 * the notices.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where the path of the state is mistaken.
 */
export async function describeIdentity(
  environment: Environment = process.env,
  { fileSystem = nodeFileSystem }: { fileSystem?: FileSystem | undefined } = {},
): Promise<IdentityDescription> {
  const config = readableConfigFromEnv(environment);
  const found = await lookForIdentity(config, fileSystem);
  const { statePath, files, stored } = found;
  const read = await describeStored(found, { isAgentsUser: false, fileSystem });
  const identity = stored?.document.identity;
  return {
    source: read.source,
    nodeId: identity?.nodeId,
    deviceUuid: identity?.deviceUuid,
    previousNodeId: identity?.previousNodeId,
    format: stored?.source === 'legacy' ? 0 : stored?.document.format,
    approvalCode: stored?.source === 'legacy' ? undefined : await approvalCodeOf(identity, config.cloudlyUrl),
    enrolment: identity?.enrolment && describe(identity.enrolment),
    otherEnrolments: identity?.otherEnrolments?.map(describe) ?? [],
    files: [
      { path: files.state.path, kind: 'state-file', condition: files.state.kind },
      { path: files.copy.path, kind: 'last-good-copy', condition: files.copy.kind },
      ...(await remnants(fileSystem, statePath)),
    ],
    notices: [...mistakeNotices(found), ...read.notices],
  };
}

function mistakeNotices(found: FoundIdentity): IdentityNotice[] {
  const { needed, warnings } = judgedMistakesOf(found);
  return [
    ...needed.map(({ code, message, remedy }) => ({ level: 'error', code, message, remedy }) as const),
    ...warnings.map(({ code, message, remedy }) => ({ level: 'warn', code, message, remedy }) as const),
  ];
}

function describe(enrolment: Enrolment): DescribedEnrolment {
  return {
    origin: enrolment.origin,
    cloudlyId: enrolment.cloudlyId,
    legacy: enrolment.legacy,
    enrolledAt: enrolment.enrolledAt,
    nodeToken: enrolment.nodeToken && nameOfToken(enrolment.nodeToken),
    previousNodeToken: enrolment.previousNodeToken && nameOfToken(enrolment.previousNodeToken),
    dormancy: enrolment.dormancy && knownDormancy(enrolment.dormancy),
  };
}

/** By the Cloudly that the node is enrolled with; before that, by the one that is configured. */
async function approvalCodeOf(
  identity: Identity | undefined,
  cloudlyUrl: URL | undefined,
): Promise<string | undefined> {
  const origin = identity?.enrolment?.origin || cloudlyUrl?.origin;
  if (!identity || origin === undefined || !URL.canParse(origin)) return undefined;
  return (await registrationAt(identity, new URL(origin))).approvalCode;
}

async function remnants(fileSystem: FileSystem, statePath: string): Promise<DescribedFile[]> {
  const directory = dirname(statePath);
  const names = await fileSystem.readDirectory(directory).catch(() => []);
  return names
    .filter((name) => isRemnant(name, statePath))
    .toSorted()
    .map((name) => ({ path: join(directory, name), kind: 'remnant', condition: 'kept' }));
}
