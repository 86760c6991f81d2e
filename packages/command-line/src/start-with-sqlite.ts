import { isBuiltin } from 'node:module';
import { ignoreUserSignals } from './ignore-user-signals.js';

/**
 * Starts a program that needs `node:sqlite`, or says in a sentence why it cannot and what to do, and makes the process
 * end with 1. Call it before anything that needs it is loaded: Node itself would print a stack trace.
 *
 * @param script how a checkout starts the program with its own Node
 */
export async function startWithSqlite(name: string, script: string, start: () => Promise<unknown>): Promise<void> {
  ignoreUserSignals();
  if (isBuiltin('node:sqlite')) {
    await start();
    return;
  }
  process.stderr.write(
    `${name} needs Node 22.13 or newer with SQLite, and this is Node ${process.versions.node}: ` +
      `install Node 24, or on Linux start it with \`${script}\`, which brings its own.\n`,
  );
  process.exitCode = 1;
}
