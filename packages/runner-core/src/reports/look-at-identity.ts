import type { JudgedMistakes } from '../config/judge-mistakes.js';
import type { RunnerConfig } from '../config/runner-config.js';
import type { IdentityNotice } from '../identity/identity-store.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { judgedMistakesOf } from '../store/judge-configuration.js';
import type { FoundIdentity } from '../store/find-identity.js';
import { lookForIdentity, type PreviewedIdentity, previewOf } from '../store/preview-identity.js';
import { describeStored, type StoredIdentity } from '../store/read-identity.js';
import { describeStanding, type DescribedStanding } from './describe-standing.js';

/** One look at the identity: every report on a node without its agent is a view of it. */
export interface IdentityLook {
  /** The state file, where links lead to. */
  statePath: string;
  /** What is on the disk. */
  stored: StoredIdentity;
  /** What an agent that starts now would say of using it: another node takes its place, or another enrolment is in force. */
  changes: readonly IdentityNotice[];
  /** The state towards Cloudly in which an agent would start now. */
  standing: DescribedStanding;
  /** The mistakes in the configuration, as that agent would take them. */
  mistakes: JudgedMistakes;
  /** The identity that it would have. Its secrets show nothing. */
  preview: PreviewedIdentity;
}

export interface LookAtIdentityOptions {
  /**
   * Whether this process runs as the agent's user: only then does advice for the agent apply to this user. @default
   * false
   */
  isAgentsUser?: boolean | undefined;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
}

/** Reads each file of the state once, without a lock and without a write: also beside a running agent. It never throws. */
export async function lookAtIdentity(
  config: RunnerConfig,
  { isAgentsUser = false, fileSystem = nodeFileSystem }: LookAtIdentityOptions = {},
): Promise<IdentityLook> {
  const found = await lookForIdentity(config, fileSystem);
  const stored = await describeStored(found, { isAgentsUser, fileSystem });
  return {
    statePath: found.statePath,
    stored,
    changes: changesOf(found, stored),
    standing: await describeStanding(config, found, stored.isDenied),
    mistakes: judgedMistakesOf(found),
    preview: previewOf(found),
  };
}

/** That a node is new is no change to what is stored, and the ID of one that was not made yet means nothing. */
function changesOf({ mistakes, resolved }: FoundIdentity, { isDenied }: StoredIdentity): readonly IdentityNotice[] {
  if (mistakes.length > 0 || isDenied) return [];
  return resolved.notices.filter(({ code }) => code !== 'identity-new');
}
