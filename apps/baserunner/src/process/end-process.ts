/**
 * Ends this process with an exit code, whatever its threads wait for. `process.exit` waits for libuv's thread pool,
 * where a DNS lookup without an answer takes half a minute, and a disk may never answer. Replacing the process by a
 * program that ends at once does not wait, and keeps the exit code.
 *
 * The watchdog passes the text of this function on, so it must not use anything outside itself.
 */
export function endProcess(exitCode: number): void {
  const { accessSync, constants } = process.getBuiltinModule('node:fs');
  const programs: [path: string, ...argv: string[]][] = [
    ['/bin/sh', '-c', `exit ${exitCode}`],
    [process.execPath, '-e', `process.exit(${exitCode})`],
  ];
  for (const [path, ...argv] of typeof process.execve === 'function' ? programs : []) {
    try {
      // Node aborts if it then cannot start the program.
      accessSync(path, constants.X_OK);
      process.execve?.(path, [path, ...argv], {});
    } catch {
      // Then the next one.
    }
  }
  // Node 22.0 to 22.14 has no such call. SIGKILL ends the process in time, unless it is PID 1.
  if (process.versions['bun'] === undefined && process.versions['deno'] === undefined) {
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(exitCode);
}
