import { judgeMistakes, type JudgedMistakes } from '../config/judge-mistakes.js';
import type { RunnerConfig } from '../config/runner-config.js';
import type { FileSystem } from '../ports/file-system.js';
import { isBaseRunnerError } from '../config/runner-error.js';
import { previewIdentity } from './preview-identity.js';

/**
 * The mistakes in a configuration as an agent would take them that starts now, on the identity that is stored. It reads
 * without a lock and without a write. Whatever its mistakes are, it does not throw for them.
 */
export async function judgeConfiguration(config: RunnerConfig, fileSystem?: FileSystem): Promise<JudgedMistakes> {
  try {
    const { warnings } = await previewIdentity(config, fileSystem);
    return { needed: [], warnings };
  } catch (error) {
    if (!isBaseRunnerError(error)) return judgeMistakes(config.mistakes, 'unknown');
    return { needed: error.mistakes, warnings: error.warnings };
  }
}
