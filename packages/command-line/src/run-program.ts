import type { ExitCode } from './exit-code.js';
import { ignoreUserSignals } from './ignore-user-signals.js';
import type { TextStream } from './text-stream.js';

/**
 * Runs this process as a program: the exit code is that of its command line.
 *
 * @param stderr receives the messages of the program itself
 */
export async function runProgram(
  name: string,
  run: (argv: readonly string[]) => Promise<ExitCode>,
  stderr: TextStream = process.stderr,
): Promise<void> {
  ignoreUserSignals();
  // The reader of the result may stop early (`… | head -1`): that is no failure, unlike a full disk. A closed stream
  // for notes and logs must not end a long-running program.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    stderr.write(`${name}: the result cannot be written to stdout: ${error.message}\n`);
    process.exitCode = 1;
  });
  process.stderr.on('error', () => undefined);
  const exitCode = await run(process.argv.slice(2));
  process.exitCode ??= exitCode;
}
