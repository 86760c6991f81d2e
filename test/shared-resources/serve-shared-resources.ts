import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Options } from 'tsup';
import type { TestProject } from 'vitest/node';
import { root } from '../../scripts/published-packages.mjs';
import { type SharedResource, socketIn } from './shared-resource.js';

interface Made {
  /** What a test reaches it by. */
  value: string;
  remove?: () => Promise<void>;
}

/** Modules are loaded when they are needed: most runs of a single test need none of them. */
const makers: Record<SharedResource, (folder: string) => Promise<Made>> = {
  postgres: async () => {
    const { startPostgres } = await import('../../packages/cloudly-handlers/test/fixtures/postgres-server.js');
    const server = await startPostgres();
    return { value: server.url(), remove: server.remove };
  },
  'base-image': async (folder) => {
    const { makeBaseImage } = await import('./make-base-image.js');
    await makeBaseImage(`${folder}.tar`);
    return { value: `${folder}.tar` };
  },
  'installed-packages': async (folder) => {
    const { publishPackages } = await import('./publish-packages.js');
    await publishPackages(folder);
    return { value: folder };
  },
  baserunner: async (folder) => {
    const { cliBundle } = await import('../../apps/baserunner/cli-bundle.js');
    return bundle('apps/baserunner', ['cli'], cliBundle, folder);
  },
  'cloudly-standalone': async (folder) => {
    const { cliBundle } = await import('../../apps/cloudly-standalone/tsup.config.js');
    return bundle('apps/cloudly-standalone', ['cli', 'program'], cliBundle, folder);
  },
};

/** The program as it is shipped, far from node_modules: it must bring all it needs. */
async function bundle(app: string, files: readonly string[], options: Options, outDir: string): Promise<Made> {
  const { build } = await import('tsup');
  const entry = Object.fromEntries(files.map((file) => [file, join(root, app, 'src', `${file}.ts`)]));
  await build({ ...options, entry, outDir, config: false, silent: true });
  return { value: join(outDir, 'cli.js') };
}

/** Vitest calls it once for a whole run, and at the end of it what it returns. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'baseos-shared-'));
  // Tests run the programs as other users, too.
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  // Many tests start processes of the sources: Node strips the types of each module once.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
  const made = new Map<string, Promise<Made>>();

  function make(name: SharedResource): Promise<Made> {
    const resource = made.get(name) ?? makers[name](join(folder, name));
    made.set(name, resource);
    return resource;
  }

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    text(socket)
      .then((name) => make(name as SharedResource))
      .then(
        ({ value }) => socket.end(JSON.stringify({ value })),
        (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
      );
  });
  server.listen(socketIn(folder));
  await once(server, 'listening');
  project.provide('sharedFolder', folder);

  return async () => {
    server.close();
    for (const resource of await Promise.allSettled(made.values())) {
      if (resource.status === 'fulfilled') await resource.value.remove?.();
    }
    rmSync(folder, { recursive: true, force: true });
  };
}
