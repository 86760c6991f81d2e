/**
 * Ends this process with an exit code, whatever its threads are held by. `process.exit` waits for libuv's thread pool, where a
 * name look-up without an answer takes half a minute, and a disk may take for ever. To replace the process by a program that
 * ends at once does not wait, and keeps the exit code.
 *
 * The watchdog hands over the text of this function, so it holds on to nothing outside of itself.
 */
export function endProcess(exitCode: number): void {
  const { accessSync, constants } = process.getBuiltinModule('node:fs');
  const programs: [path: string, ...argv: string[]][] = [
    ['/bin/sh', '-c', `exit ${exitCode}`],
    [process.execPath, '-e', `process.exit(${exitCode})`],
  ];
  for (const [path, ...argv] of typeof process.execve === 'function' ? programs : []) {
    try {
      // Node aborts where it then cannot start the program.
      accessSync(path, constants.X_OK);
      process.execve?.(path, [path, ...argv], {});
    } catch {
      // Then the next one.
    }
  }
  // Node 22.0 to 22.14 has no such call. Killed, the process ends in time at least; a PID 1 is not.
  if (process.versions['bun'] === undefined && process.versions['deno'] === undefined) {
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(exitCode);
}
