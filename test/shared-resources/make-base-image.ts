import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { runProgram } from '../../apps/baserunner/test/run-program.js';

/** Archives a root file system of Debian's essential packages, the Node of this process and the user `node`. */
export async function makeBaseImage(archive: string): Promise<void> {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  await runProgram('mmdebstrap', [
    '--quiet',
    '--variant=essential',
    '--include=libstdc++6',
    `--customize-hook=copy-in ${process.execPath} /usr/local/bin`,
    `--customize-hook=echo 'node:x:1000:1000::/home/node:/bin/sh' >> "$1/etc/passwd"`,
    `--customize-hook=echo 'node:x:1000:' >> "$1/etc/group"`,
    release ?? 'stable',
    archive,
  ]);
}
