import { statSync } from 'node:fs';

const VARIABLE = 'NODE_EXTRA_CA_CERTS';

/**
 * Begins this process anew without `NODE_EXTRA_CA_CERTS` where that names a pipe or a device. Node reads it at the first need
 * of TLS, on the thread of the event loop, and would wait for the writer of a pipe, or for the end of a device: no timer and
 * no signal is heard from then on. Node took note of the name before any code ran, so that to delete the variable is not enough.
 *
 * What is no file at all is told by Node itself and costs nothing.
 *
 * @param tell gets a sentence for whoever set the variable, before the process begins anew
 */
export function dropEndlessAuthorities(tell: (message: string) => void): void {
  const { [VARIABLE]: path, ...env } = process.env;
  // Other runtimes have their own way with it.
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
    // Whatever keeps it from this process keeps it from Node as well.
    return false;
  }
}
