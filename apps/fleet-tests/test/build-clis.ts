import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Options } from 'tsup';
import { cliBundle as baseRunnerBundle } from '../../baserunner/cli-bundle.js';
import { cliBundle as cloudlyBundle } from '../../cloudly-standalone/tsup.config.js';

export interface BuiltCli {
  path: string;
  remove(): Promise<void>;
}

/** The agent's program as it is shipped. */
export async function buildBaseRunner(): Promise<BuiltCli> {
  return buildCli('baserunner', ['cli'], baseRunnerBundle);
}

/** The stand-alone Cloudly's program as it is shipped. */
export async function buildCloudly(): Promise<BuiltCli> {
  return buildCli('cloudly-standalone', ['cli', 'program'], cloudlyBundle);
}

/** Into a folder of its own: a test neither needs nor disturbs what is in `dist`. */
async function buildCli(app: string, files: readonly string[], bundle: Options): Promise<BuiltCli> {
  const folder = await mkdtemp(join(tmpdir(), `fleet-${app}-`));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const sources = join(import.meta.dirname, '../..', app, 'src');
  const entry = Object.fromEntries(files.map((file) => [file, join(sources, `${file}.ts`)]));
  await build({ ...bundle, entry, outDir: folder, config: false, silent: true });
  return { path: join(folder, 'cli.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
