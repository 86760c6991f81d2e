import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { StatusPublisher } from '../ports/status-publisher.js';
import { defaultRunPaths } from '../config/agent-files.js';
import { prepareRunDirectory } from '../disk/prepare-run-directory.js';
import { type RunDirectoryProblem, runDirectoryProblem } from '../disk/run-directory-problems.js';
import type { Problem } from '../values/problem.js';

export interface RunDirectoryOptions {
  /** As in `BASEOS_RUN_PATH`. @default the first of {@link defaultRunPaths} that can be written */
  runPath?: string | undefined;
  /** Called once, if nothing can be published. */
  onProblem: (problem: Problem) => void;
}

/**
 * Publishes to a directory that a restart of the device empties. Each file is replaced at once, so that a reader never
 * sees half of one. If it is not writable, the agent continues anyway: it logs that once, and tries again each time.
 */
export function createRunDirectory({ runPath, onProblem }: RunDirectoryOptions): StatusPublisher {
  const candidates = runPath === undefined ? defaultRunPaths : [runPath];
  let chosen: string | undefined;
  let isTold = false;
  const published = new Set<string>();

  const publish = async (files: Readonly<Record<string, string>>): Promise<void> => {
    const causes: RunDirectoryProblem[] = [];
    for (const directory of chosen === undefined ? candidates : [chosen]) {
      const cause = await replaceFiles(directory, files);
      if (cause === undefined) {
        chosen = directory;
        for (const name of Object.keys(files)) published.add(name);
        return;
      }
      causes.push(cause);
    }
    if (isTold) return;
    isTold = true;
    onProblem(notPublished(causes));
  };

  const withdraw = async (): Promise<void> => {
    if (chosen === undefined) return;
    // What it has not published may be another agent's, for which it has waited.
    for (const name of published) await rm(join(chosen, name), { force: true }).catch(() => undefined);
  };

  return { publish, withdraw };
}

/** @param causes of each directory that was tried */
function notPublished(causes: readonly RunDirectoryProblem[]): Problem {
  const words = causes.map(({ message }) => message).join(' ');
  const remedies = [...new Set(causes.map(({ remedy }) => remedy))].join(' ');
  return {
    code: 'status-not-published',
    message: `The live status cannot be published, so the health check of the container fails, and an engine that acts on it restarts the agent again and again. ${words}`,
    remedy: remedies,
  };
}

/** Returns why it did not. */
async function replaceFiles(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<RunDirectoryProblem | undefined> {
  try {
    const problem = await prepareRunDirectory(directory);
    if (problem === undefined) await replaceEach(directory, files);
    return problem;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return runDirectoryProblem('run-path-unusable', { path: directory, reason });
  }
}

async function replaceEach(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const temporary = join(directory, `.${name}.${process.pid}`);
    // Anything at that path, such as a link or a pipe, is neither followed nor written to.
    await rm(temporary, { force: true });
    try {
      await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
      await rename(temporary, join(directory, name));
    } catch (error) {
      // Its name is never used again after a restart, and on a full disk it would keep the space that is missing.
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }
}
