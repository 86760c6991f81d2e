import { dirname } from 'node:path';
import type { FoundJournal } from '../commands/journal/command-journal.js';
import { openFileJournal } from '../commands/journal/file-journal.js';
import { journalNode } from '../commands/journal/journal-node.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { createSystemMachine } from '../device/system-machine.js';
import { isDirectoryHeld } from '../lock/is-directory-held.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import type { FoundStatus } from '../status/published-status.js';
import { type IdentityLook, lookAtIdentity } from './look-at-identity.js';
import { readPublishedStatus } from './read-published-status.js';

/** What one look at the state and the run directory found. Every report on this node is a view of it. */
export interface NodeFacts {
  /** As far as it can be used. */
  config: RunnerConfig;
  /** What an agent on this device published. */
  published: FoundStatus;
  identity: IdentityLook;
  /** The record of commands, as an agent that starts now would find it; absent where the identity cannot be read. */
  journal?: FoundJournal | undefined;
  /** Whether an agent uses the state directory, as far as this process can tell. */
  isHeld: boolean;
  /** The device's clock and the time since its boot, when it was looked at. */
  wallMs: number;
  uptimeSeconds: number;
}

/** Looks without a lock and without a write: also beside a running agent. It never throws. */
export async function gatherNodeFacts(
  config: RunnerConfig,
  { fileSystem }: { fileSystem?: FileSystem | undefined } = {},
): Promise<NodeFacts> {
  const machine = createSystemMachine({ statePath: config.statePath });
  const published = await readPublishedStatus({ ...config, machine });
  // The agent publishes its status for its own user only: a process that can read it runs as that user.
  const identity = await lookAtIdentity(config, { isAgentsUser: published.kind === 'live', fileSystem });
  return {
    config,
    published,
    identity,
    journal: await findJournal(config, identity, fileSystem),
    isHeld: await isDirectoryHeld(dirname(identity.statePath)),
    wallMs: Date.now(),
    uptimeSeconds: machine.uptimeMs() / 1000,
  };
}

async function findJournal(
  { cloudlyUrl }: RunnerConfig,
  { statePath, preview: { current, source } }: IdentityLook,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<FoundJournal | undefined> {
  if (source === 'unreadable') return undefined;
  const node = journalNode(current, cloudlyUrl?.origin ?? '');
  return (await openFileJournal({ statePath, node, fileSystem })).found;
}
