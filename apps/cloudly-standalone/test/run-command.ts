import type { CommandContext } from '../src/command/command-context.js';
import { runCli } from '../src/run-cli.js';

export interface CommandRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process. One that keeps running is stopped once it listens. */
export async function runCommand(...argv: string[]): Promise<CommandRun> {
  return runCommandIn({}, ...argv);
}

/** The same, with settings in the environment. */
export async function runCommandIn(env: Record<string, string>, ...argv: string[]): Promise<CommandRun> {
  return runCommandWith({ env }, ...argv);
}

/** The same, with other parts of its environment. */
export async function runCommandWith(parts: Partial<CommandContext>, ...argv: string[]): Promise<CommandRun> {
  const written = { stdout: '', stderr: '' };
  const ending = new AbortController();
  const exitCode = await runCli(argv, {
    ...commandContext(),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: {
      write(text) {
        written.stderr += text;
        if (text.includes('Cloudly listens')) ending.abort();
      },
    },
    trapSignals: () => ending.signal,
    ...parts,
  });
  return { exitCode, ...written };
}

/** Of a program without a terminal, whose output nobody reads. */
export function commandContext(): CommandContext {
  return {
    program: 'the-program',
    startWords: ['node', 'the-program.js'],
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    terminal: { readInput: async () => '' },
    env: {},
    trapSignals: () => new AbortController().signal,
    onHangup: () => undefined,
    onWarning: () => undefined,
  };
}
