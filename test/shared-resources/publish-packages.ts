import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { publishedPackages, root } from '../../scripts/published-packages.mjs';

const run = promisify(execFile);

/**
 * Rehearses a release: publishes all packages to a registry on loopback as a release does, and lets npm install them from there
 * into an empty project. What two releases in a row say about themselves is in `first-release.txt` and `second-release.txt`.
 * Resolves once the registry is gone. Needs a build.
 */
export async function publishPackages(folder: string): Promise<void> {
  mkdirSync(folder);
  const { url, close } = await startRegistry(folder);
  try {
    const configuration = join(folder, 'npmrc');
    // The registry lets everyone publish, but npm asks for a token.
    writeFileSync(configuration, `@serve.zone:registry=${url}/\n//${new URL(url).host}/:_authToken=none\n`);
    const env = { ...withoutNpm(process.env), npm_config_userconfig: configuration };
    for (const release of ['first', 'second']) {
      await run(process.execPath, [join(root, 'scripts/publish.mjs')], {
        cwd: root,
        // CI's own jobs run on GitHub, too, and must not request an ID token.
        env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: join(folder, `${release}-release.txt`) },
      });
    }

    const packages = publishedPackages();
    const dependencies = Object.fromEntries(packages.map(({ manifest }) => [manifest.name, manifest.version]));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true, dependencies }));
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder, env });
  } finally {
    await close();
  }
  // What users of the packages bring.
  const others = [
    { name: '@types/node', from: root },
    { name: 'msw', from: root },
    { name: 'pg', from: join(root, 'packages/cloudly-handlers') },
  ];
  for (const { name, from } of others) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(from, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

/** Verdaccio for our packages alone: npm takes the others from where it is configured to. */
async function startRegistry(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const settings = {
    storage: join(folder, 'registry'),
    packages: { '@serve.zone/*': { access: '$all', publish: '$all' } },
    log: { type: 'stdout', level: 'error' },
  };
  const file = join(folder, 'registry.yaml');
  writeFileSync(file, JSON.stringify(settings));
  const url = `http://127.0.0.1:${await freePort()}`;
  const program = join(root, 'node_modules/verdaccio/bin/verdaccio');
  const verdaccio = fork(program, ['--config', file, '--listen', url], { silent: true });
  let output = '';
  for (const stream of [verdaccio.stdout, verdaccio.stderr]) stream?.on('data', (text) => (output += String(text)));
  const ended = once(verdaccio, 'exit');
  const isReady = await Promise.race([once(verdaccio, 'message').then(() => true), ended.then(() => false)]);
  if (!isReady) throw new Error(`The registry did not start:\n${output}`);
  return {
    url,
    close: async () => {
      verdaccio.kill();
      await ended;
    },
  };
}

/** What a package manager that runs the tests leaves in the environment is not for the npm of a release. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^npm_(?!config_(?:https?_?proxy|noproxy|cafile|registry|cache)$)/i.test(name),
    ),
  );
}
