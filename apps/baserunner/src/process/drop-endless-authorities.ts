import { statSync } from 'node:fs';

const VARIABLE = 'NODE_EXTRA_CA_CERTS';

/**
 * Restarts this process without `NODE_EXTRA_CA_CERTS` if that is a pipe or a device. Node reads the file when TLS is first used,
 * on the thread of the event loop. It would wait for the writer of a pipe or for the end of a device, and no timer or signal
 * would work from then on. Deleting the variable is not enough, because Node has read it before any code runs.
 *
 * A missing file is harmless: Node itself reports it.
 *
 * @param tell receives a sentence for the operator before the process restarts
 */
export function dropEndlessAuthorities(tell: (message: string) => void): void {
  const { [VARIABLE]: path, ...env } = process.env;
  // Other runtimes handle it differently.
  if (path === undefined || process.versions['bun'] !== undefined || process.versions['deno'] !== undefined) return;
  if (!isEndless(path)) return;
  const problem = `${VARIABLE} is a pipe, a socket or a device, not a file`;
  if (typeof process.execve !== 'function') {
    tell(`${problem}, and Node would wait for it forever. Correct or remove the variable.`);
    process.exit(2);
  }
  tell(`${problem}, so it is ignored. Correct or remove the variable; for a private CA, set BASEOS_CA_FILE.`);
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], env);
}

function isEndless(path: string): boolean {
  try {
    const stats = statSync(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    // If this process cannot read it, neither can Node.
    return false;
  }
}
