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
  const written = { stdout: '', stderr: '' };
  const ending = new AbortController();
  const exitCode = await runCli(argv, {
    program: 'the-program',
    stdout: { write: (text) => (written.stdout += text) },
    stderr: {
      write(text) {
        written.stderr += text;
        if (text.includes('Cloudly listens')) ending.abort();
      },
    },
    env,
    trapSignals: () => ending.signal,
    onHangup: () => undefined,
    onWarning: () => undefined,
  });
  return { exitCode, ...written };
}
