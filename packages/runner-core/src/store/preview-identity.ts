import type { RunnerConfig } from '../config/runner-config.js';
import { systemClock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { systemRandomness } from '../ports/randomness.js';
import { chooseState } from './choose-state.js';
import { followStatePath } from '../disk/follow-state-path.js';
import type { IdentityStore } from '../identity/identity-store.js';
import { resolveIdentity } from '../identity/resolve-identity.js';
import { loadStates } from './state-directory.js';

/** What a loop would begin with. */
export interface PreviewedIdentity extends Pick<IdentityStore, 'current' | 'source' | 'unreadable'> {
  /** Sentences about mistakes in settings that this node does not need. */
  warnings: readonly string[];
}

/**
 * The identity that an agent would have if it started now. Nothing is locked, written or kept: one that it would make is
 * made anew by each call.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where the environment does not fit what is stored.
 */
export async function previewIdentity(
  config: RunnerConfig,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<PreviewedIdentity> {
  const chosen = chooseState(
    await loadStates(fileSystem, await followStatePath(fileSystem, config.statePath), systemClock),
    systemRandomness,
  );
  const stored = 'stored' in chosen ? chosen.stored : undefined;
  const { identity, source, warnings } = resolveIdentity({
    stored: stored && { identity: stored.document.identity, source: stored.source },
    hadIdentity: chosen.kind === 'lost' || chosen.kind === 'hands-off',
    isUnreadable: chosen.kind === 'hands-off',
    config,
    randomness: systemRandomness,
  });
  if (chosen.kind !== 'hands-off') return { current: identity, source, warnings };
  const unreadable = { reason: `${chosen.reason}.`, isOver: async () => false };
  return { current: identity, source: source === 'generated' ? 'unreadable' : source, unreadable, warnings };
}
