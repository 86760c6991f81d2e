import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Pager } from './terminal.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The command of the pager to use: $PAGER, else `less` if it is installed; an empty one, or `cat`, means none. */
export function pagerOf(env: Environment): string | undefined {
  const { PAGER: chosen } = env;
  if (chosen === undefined) return isInstalled('less', env) ? 'less' : undefined;
  return ['', 'cat'].includes(chosen.trim()) ? undefined : chosen;
}

/** Starts a pager on the terminal of this process. As git's, `less` ends at once if everything fits on one screen. */
export function openPager(command: string, env: Environment): Pager {
  const child = spawn(command, {
    shell: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...env, LESS: env['LESS'] ?? 'FRX' },
  });
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve()).on('close', () => resolve());
  });
  // The person may end it before everything is written.
  child.stdin.on('error', () => child.stdin.destroy());
  return {
    input: child.stdin,
    end: () => {
      child.stdin.end();
      return ended;
    },
    stop: () => void child.stdin.destroy(),
  };
}

function isInstalled(program: string, { PATH = '' }: Environment): boolean {
  return PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
