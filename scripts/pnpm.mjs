import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import process from 'node:process';

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const name = packageManager.split('+')[0];

/** The command of the one pnpm that the repository is built with, for a machine that has npm alone. */
export const pnpm = `npx -y ${name}`;

/**
 * Installs that pnpm, and lets every process that is started from now on find it as `pnpm`. npx takes seconds to look for a
 * program each time.
 */
export function providePnpm() {
  const path = execFileSync('npx', ['-y', '-p', name, '-c', 'command -v pnpm'], { encoding: 'utf8' }).trim();
  process.env.PATH = [dirname(path), process.env.PATH].join(delimiter);
}
