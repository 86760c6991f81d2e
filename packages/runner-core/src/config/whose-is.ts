import { realPaths } from './real-paths.js';
import { claimOf } from './path-collisions.js';
import type { RunnerConfig } from './runner-config.js';

/**
 * Which of the agent's files is, or would be, at a path: a few words for a sentence, or `undefined` where the path is
 * free for something else. Links are followed; it changes nothing and never throws.
 */
export async function whoseIs(
  path: string,
  { statePath, runPath }: Pick<RunnerConfig, 'statePath' | 'runPath'>,
): Promise<string | undefined> {
  const named = claimOf(path, { statePath, runPath });
  if (named !== undefined) return named;
  const [agents, other] = [await realPaths({ statePath, runPath }), await realPaths({ statePath: path })];
  return claimOf(other.statePath, agents);
}
