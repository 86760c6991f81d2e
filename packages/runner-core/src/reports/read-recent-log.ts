import { join } from 'node:path';
import type { RunnerConfig } from '../config/runner-config.js';
import { defaultRunPaths, RECENT_LOG_FILE_NAME } from '../config/agent-files.js';
import { readPublishedFile } from './read-published-file.js';

/** What the agent of this device logged last, a JSON object a line, if it left something that this user may trust. It never throws. */
export async function readRecentLog({
  runPath,
  statePath,
}: Pick<RunnerConfig, 'runPath' | 'statePath'>): Promise<string | undefined> {
  for (const directory of runPath === undefined ? defaultRunPaths : [runPath]) {
    const file = await readPublishedFile(join(directory, RECENT_LOG_FILE_NAME), statePath);
    if (file.kind === 'text') return file.text;
  }
  return undefined;
}
