import type { JudgedMistakes } from '../config/judge-mistakes.js';
import type { RunnerConfig } from '../config/runner-config.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import type { FoundIdentity } from './find-identity.js';
import { lookForIdentity } from './preview-identity.js';

/**
 * The mistakes in a configuration, as an agent with the stored identity would judge them if it started now. It reads
 * without a lock and without a write. It does not throw because of mistakes.
 */
export async function judgeConfiguration(
  config: RunnerConfig,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<JudgedMistakes> {
  return judgedMistakesOf(await lookForIdentity(config, fileSystem));
}

/** The same of an identity that was found already. */
export function judgedMistakesOf({ mistakes, warnings }: FoundIdentity): JudgedMistakes {
  return { needed: mistakes, warnings };
}
