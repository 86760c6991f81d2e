import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { defaultRunPaths } from '../config/agent-files.js';
import { prepareRunDirectory } from '../disk/prepare-run-directory.js';
import { type RunDirectoryProblem, runDirectoryProblem } from '../disk/run-directory-problems.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import type { StatusPublisher } from '../ports/status-publisher.js';
import type { Problem } from '../values/problem.js';
import { diskCalls, memoryCalls, type PublishingCalls, replaceFile } from './replace-file.js';

export interface RunDirectoryOptions {
  /** As in `BASEOS_RUN_PATH`. @default the first of {@link defaultRunPaths} that can be written */
  runPath?: string | undefined;
  /** Called once, if nothing can be published. */
  onProblem: (problem: Problem) => void;
}

/** A directory that was found fit, what it was then, and what was written there. */
interface Chosen {
  directory: string;
  calls: PublishingCalls;
  mark: string;
  texts: Map<string, string>;
}

/**
 * Publishes to a directory that a restart of the device empties. Each file is replaced at once, so that a reader never
 * sees half of one, and only if its text has changed. If it is not writable, the agent continues anyway: it logs that
 * once, and tries again each time.
 */
export function createRunDirectory({ runPath, onProblem }: RunDirectoryOptions): StatusPublisher {
  const candidates = runPath === undefined ? defaultRunPaths : [runPath];
  let chosen: Chosen | undefined;
  let isTold = false;

  const publish = async (files: Readonly<Record<string, string>>): Promise<void> => {
    const causes: RunDirectoryProblem[] = [];
    for (const directory of chosen === undefined ? candidates : [chosen.directory]) {
      const result = await publishTo(directory, chosen, files);
      if ('calls' in result) {
        chosen = result;
        return;
      }
      causes.push(result);
    }
    if (isTold) return;
    isTold = true;
    onProblem(notPublished(causes));
  };

  const withdraw = async (): Promise<void> => {
    if (chosen === undefined) return;
    // What it has not published may be another agent's, for which it has waited.
    for (const name of chosen.texts.keys()) {
      await rm(join(chosen.directory, name), { force: true }).catch(() => undefined);
    }
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
async function publishTo(
  directory: string,
  before: Chosen | undefined,
  files: Readonly<Record<string, string>>,
): Promise<Chosen | RunDirectoryProblem> {
  try {
    const chosen = (await unchanged(before)) ?? (await choose(directory));
    if ('calls' in chosen) await replaceChanged(chosen, files);
    return chosen;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return runDirectoryProblem('run-path-unusable', { path: directory, reason });
  }
}

/** Nothing if it is no longer the directory that was found fit. */
async function unchanged(chosen: Chosen | undefined): Promise<Chosen | undefined> {
  try {
    return chosen && (await markOf(chosen)) === chosen.mark ? chosen : undefined;
  } catch {
    return undefined;
  }
}

async function choose(directory: string): Promise<Chosen | RunDirectoryProblem> {
  const problem = await prepareRunDirectory(directory);
  if (problem) return problem;
  const calls = (await isInMemory(directory)) ? memoryCalls : diskCalls;
  return { directory, calls, mark: await markOf({ directory, calls }), texts: new Map() };
}

/** What it would take to make another directory of it, or to open it to others. */
async function markOf({ directory, calls }: Pick<Chosen, 'directory' | 'calls'>): Promise<string> {
  const itself = await calls.lookAt(directory);
  const stats = itself.isSymbolicLink() ? [itself, await calls.follow(directory)] : [itself];
  return stats.map(({ dev, ino, uid, mode }) => `${dev} ${ino} ${uid} ${mode}`).join(' ');
}

/** As `statfs(2)` has them: tmpfs and ramfs. */
const memoryTypes = new Set([0x01021994, 0x858458f6]);

async function isInMemory(directory: string): Promise<boolean> {
  const type = (await nodeFileSystem.volume(directory))?.linuxType;
  return type !== undefined && memoryTypes.has(type);
}

async function replaceChanged(
  { directory, calls, texts }: Chosen,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    if (texts.get(name) === text) continue;
    texts.delete(name);
    const temporaryPath = join(directory, `.${name}.${process.pid}`);
    await replaceFile(calls, { path: join(directory, name), temporaryPath, text });
    texts.set(name, text);
  }
}
