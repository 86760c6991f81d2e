import { join } from 'node:path';
import process from 'node:process';
import { root } from '../scripts/published-packages.mjs';

export interface Runtime {
  name: string;
  executable: string;
  /**
   * Before the file to run, for runtimes that ask for permissions.
   *
   * @param folder the one place it may read and write
   * @param net where it may connect to and listen. Unix sockets need `any`. @default 'loopback'
   */
  flags: (folder: string, net?: 'loopback' | 'any') => string[];
  /** Deno has a permission of its own for what the host is. */
  tellsHost: boolean;
}

export const installCommand = 'npx -y pnpm@12.21.0 run test:tools';

function tool(path: string) {
  return join(root, '.tools/node_modules', path);
}

/** What the packages run on. All but this process' own are installed by `installCommand`. */
export const runtimes: readonly Runtime[] = [
  { name: 'node 22', executable: tool('node22/bin/node'), flags: () => [], tellsHost: true },
  { name: 'node 24', executable: process.execPath, flags: () => [], tellsHost: true },
  { name: 'node 26', executable: tool('node26/bin/node'), flags: () => [], tellsHost: true },
  { name: 'bun', executable: tool('bun/bin/bun'), flags: () => [], tellsHost: true },
  {
    name: 'deno, with net, env, and the files it needs',
    executable: tool('deno/deno'),
    flags: (folder, net = 'loopback') => [
      'run',
      '--no-prompt',
      '--node-modules-dir=manual',
      net === 'any' ? '--allow-net' : '--allow-net=127.0.0.1',
      '--allow-env',
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
    ],
    tellsHost: false,
  },
];
