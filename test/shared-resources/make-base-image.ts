import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { runProgram } from '../../apps/baserunner/test/run-program.js';

/**
 * Archives a root file system of programs and libraries of this machine, which is a Debian as the images' base is, with the Node
 * of this process and the user `node`. It has everything that the Dockerfiles would install.
 */
export async function makeBaseImage(archive: string): Promise<void> {
  const folder = `${archive}.root`;
  await runProgram('sh', [join(import.meta.dirname, 'make-base-image.sh'), folder, process.execPath]);
  await runProgram('tar', ['--create', '--file', archive, '--directory', folder, '.']);
  await rm(folder, { recursive: true });
}
