import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Calls back when the npm or pnpm that started this process, and the shells between them, have ended: npm passes no signal
 * on, so stopping `npm start` by its process ID would leave everything below it running. Only on Linux.
 */
export function watchLaunchers(onGone: () => void): void {
  const launchers = findLaunchers(process.ppid);
  if (launchers.length === 0) return;
  const timer = setInterval(() => {
    if (launchers.every(isRunning)) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** The processes from the given one upwards, as far as they belong to npm. */
function findLaunchers(pid: number): number[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    if (!/^(\S*\/)?(p?npm|npx|sh -c|node scripts\/start\.mjs)\b/.test(command)) return [];
    return [pid, ...findLaunchers(parentOf(pid))];
  } catch {
    return [];
  }
}

function parentOf(pid: number): number {
  const [, parent] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(parent);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
