import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { shareResource } from '../../../test/shared-resources/shared-resource.js';
import { cliBundle } from '../cli-bundle.js';

export interface BuiltCli {
  /** The bundle, as `dist/cli.js` would be. */
  path: string;
  remove(): Promise<void>;
}

/**
 * The CLI as it is shipped, built outside of `dist`: a test neither needs nor disturbs what is there. All tests share one
 * build of it.
 *
 * @param entryPath of another program, built in the same way for this test alone; from this folder
 */
export async function buildCli(entryPath?: string): Promise<BuiltCli> {
  if (entryPath === undefined) return { path: await shareResource('baserunner'), remove: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'baserunner-cli-'));
  const entry = { cli: join(import.meta.dirname, entryPath) };
  await build({ ...cliBundle, entry, outDir: folder, config: false, silent: true });
  return { path: join(folder, 'cli.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
