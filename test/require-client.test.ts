import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { describe, expect, test } from 'vitest';
import { publishedPackages, root } from '../scripts/published-packages.mjs';

const run = promisify(execFile);
const installCommand = 'npx -y pnpm@12.21.0 run test:tools';

/** Node 22.12 was the first to load ES modules by `require()`. */
const runtimes = [
  { name: 'node 22', executable: join(root, '.tools/node_modules/node22/bin/node') },
  { name: 'node 24', executable: process.execPath },
  { name: 'node 26', executable: join(root, '.tools/node_modules/node26/bin/node') },
];

const client = '@serve.zone/balena-supervisor-client';

/** The package's names for import, as its package.json has them. */
const ways = publishedPackages()
  .filter(({ manifest }) => manifest.name === client)
  .flatMap(({ manifest }) => Object.entries(manifest.publishConfig.exports))
  .filter(([, target]) => typeof target === 'object')
  .map(([subpath]) => client + subpath.slice(1));

describe.each(runtimes)('$name', ({ name, executable }) => {
  const installed = existsSync(executable);

  test.skipIf(!installed && !process.env['CI'])(
    `loads the built client by require(), in every way there is (needs ${installCommand})`,
    async () => {
      expect(installed, `${name} is not here: ${installCommand}`).toBe(true);
      const supervisor = createSupervisor();
      const { address, close } = await supervisor.listen();
      try {
        const script = join(root, 'test/runtime-smoke/require-client.cjs');
        // Resolved from where a package depends on it.
        const { stdout } = await run(executable, [script, join(root, 'packages/runner-core'), ...ways], {
          timeout: 15_000,
          env: { BALENA_SUPERVISOR_ADDRESS: address, BALENA_SUPERVISOR_API_KEY: supervisor.apiKey },
        });
        const { names, version, refusal } = JSON.parse(stdout);
        expect(Object.keys(names)).toEqual(ways);
        expect(Object.values(names)).not.toContain(0);
        expect(version).toBe('19.0.5');
        expect(refusal).toEqual({ isSupervisorError: true, code: 'api-key-missing' });
      } finally {
        await close();
      }
    },
  );
});
