import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { cliBundle } from '../cli-bundle.js';

export interface BuiltCli {
  /** The bundle, as `dist/cli.js` would be. */
  path: string;
  remove(): Promise<void>;
}

/**
 * Builds the CLI as it is shipped, into a folder of its own: a test neither needs nor disturbs what is in `dist`.
 *
 * @param entryPath of another program, made in the same way; from this folder
 */
export async function buildCli(entryPath = '../src/cli.ts'): Promise<BuiltCli> {
  const folder = await mkdtemp(join(tmpdir(), 'baserunner-cli-'));
  const entry = { cli: join(import.meta.dirname, entryPath) };
  await build({ ...cliBundle, entry, outDir: folder, config: false, silent: true });
  return { path: join(folder, 'cli.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
