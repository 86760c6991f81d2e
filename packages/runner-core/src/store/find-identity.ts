import type { ConfigMistake } from '../config/config-mistake.js';
import type { ConfigWarning } from '../config/config-warning.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { isBaseRunnerError } from '../config/runner-error.js';
import { type ResolvedIdentity, resolveIdentity, type ResolveIdentityInput } from '../identity/resolve-identity.js';
import type { Clock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Randomness } from '../ports/randomness.js';
import type { Problem } from '../values/problem.js';
import { type ChosenState, chooseState, type StoredState } from './choose-state.js';
import { type FoundStates, loadStates } from './state-directory.js';

export interface FindStoredOptions {
  /** The state file, where links lead to. */
  statePath: string;
  fileSystem: FileSystem;
  clock: Pick<Clock, 'sleep'>;
  randomness: Randomness;
  /** Ends the pauses between tries to read. */
  signal?: AbortSignal | undefined;
}

/** What is stored. */
export interface FoundStored {
  statePath: string;
  files: FoundStates;
  /** What the two files together say. */
  chosen: ChosenState;
  stored: StoredState | undefined;
}

/** What is stored, and the identity that results from it and the environment. */
export interface FoundIdentity extends FoundStored {
  /** The identity that an agent would have if it started now; with `mistakes`, as if those settings were unset. */
  resolved: ResolvedIdentity;
  /** Why the stored identity cannot be read. */
  unreadable: Problem | undefined;
  /** What keeps an agent from starting. */
  mistakes: readonly ConfigMistake[];
  /** About mistakes in settings that this node does not need. */
  warnings: readonly ConfigWarning[];
}

/** Reads both files once, and changes nothing. It never throws for what it finds. */
export async function findStored(options: FindStoredOptions): Promise<FoundStored> {
  const { statePath, fileSystem, clock, randomness, signal } = options;
  const files = await loadStates(fileSystem, statePath, clock, signal);
  const chosen = chooseState(files, randomness);
  return { statePath, files, chosen, stored: 'stored' in chosen ? chosen.stored : undefined };
}

/**
 * The only access to the identity, both for the agent that opens it and for readers. It reads both files once,
 * and changes nothing. It never throws for what it finds.
 */
export async function findIdentity(options: FindStoredOptions & { config: RunnerConfig }): Promise<FoundIdentity> {
  const { config, randomness } = options;
  const found = await findStored(options);
  const { chosen, stored } = found;
  const isUnreadable = chosen.kind === 'hands-off';
  const judged = resolveOrJudge({
    stored: stored && { identity: stored.document.identity, source: stored.source },
    hadIdentity: isUnreadable || chosen.kind === 'lost',
    isUnreadable,
    config,
    randomness,
  });
  return {
    ...found,
    ...judged,
    resolved: isUnreadable ? temporaryIdentity(judged.resolved) : judged.resolved,
    unreadable: isUnreadable ? chosen.problem : undefined,
  };
}

function resolveOrJudge(input: ResolveIdentityInput): Pick<FoundIdentity, 'resolved' | 'mistakes' | 'warnings'> {
  try {
    const resolved = resolveIdentity(input);
    return { resolved, mistakes: [], warnings: resolved.warnings };
  } catch (error) {
    if (!isBaseRunnerError(error)) throw error;
    const { mistakes, warnings } = error;
    // A setting with a mistake already counts as unset, except for a token that belongs to no node.
    const config = input.config.mistakes?.length
      ? { ...input.config, mistakes: undefined }
      : { ...input.config, nodeToken: undefined };
    return { ...resolveOrJudge({ ...input, config }), mistakes, warnings };
  }
}

/** If the stored identity cannot be read, what stands in for it is not a new node and is not reported. */
function temporaryIdentity(resolved: ResolvedIdentity): ResolvedIdentity {
  if (resolved.source === 'generated') return { ...resolved, source: 'unreadable', notices: [] };
  return resolved.source === 'environment' ? { ...resolved, notices: [] } : resolved;
}
