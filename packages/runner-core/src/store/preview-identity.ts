import type { ConfigWarning } from '../config/config-warning.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { followStatePath } from '../disk/follow-state-path.js';
import type { IdentityStore } from '../identity/identity-store.js';
import { systemClock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import { systemRandomness } from '../ports/randomness.js';
import { findIdentity, type FoundIdentity } from './find-identity.js';

/** What a loop would begin with. */
export interface PreviewedIdentity extends Pick<IdentityStore, 'current' | 'source' | 'unreadable'> {
  /** About mistakes in settings that this node does not need. */
  warnings: readonly ConfigWarning[];
}

/** The identity that an agent that starts now would have; mistaken settings count as unset. */
export function previewOf({ resolved, unreadable, warnings }: FoundIdentity): PreviewedIdentity {
  return {
    current: resolved.identity,
    source: resolved.source,
    unreadable: unreadable && { problem: unreadable, isOver: async () => false },
    warnings,
  };
}

/** The identity that is found without opening it. Random parts differ with each call. */
export async function lookForIdentity(config: RunnerConfig, fileSystem: FileSystem): Promise<FoundIdentity> {
  const statePath = await followStatePath(fileSystem, config.statePath);
  return findIdentity({ config, statePath, fileSystem, clock: systemClock, randomness: systemRandomness });
}
