import { escapeControls } from './escape-controls.js';
import type { ExitCode } from './exit-code.js';
import type { TextStream } from './text-stream.js';

/** The request of a command line for a program with one command and its own usage text. */
export type OneCommandLine<Asked> =
  | ({ kind: 'run' } & Asked)
  | { kind: 'help' }
  /** The message says what is expected. */
  | { kind: 'mistake'; message: string };

/** @param read returns the request, or `undefined` for help; it throws for a mistake, as Node's `parseArgs` does. */
export function readOneCommand<Asked extends object>(read: () => Asked | undefined): OneCommandLine<Asked> {
  try {
    const asked = read();
    return asked === undefined ? { kind: 'help' } : { kind: 'run', ...asked };
  } catch (error) {
    return { kind: 'mistake', message: error instanceof Error ? error.message : String(error) };
  }
}

export interface OneCommandOptions {
  usage: string;
  /** Receives the usage text if it is requested. */
  stdout: TextStream;
  /** Receives the mistake in the command line, and the usage text. */
  stderr: TextStream;
}

/** Runs the request, and returns its exit code; 0 for help, 2 for a mistake. */
export async function runOneCommand<Asked extends object>(
  line: OneCommandLine<Asked>,
  { usage, stdout, stderr }: OneCommandOptions,
  run: (asked: Asked) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (line.kind === 'run') return run(line);
  if (line.kind === 'help') stdout.write(usage);
  else stderr.write(`${linesOf(line.message)}\n\n${usage}`);
  return line.kind === 'help' ? 0 : 2;
}

/** Node's own messages have several lines. */
function linesOf(message: string): string {
  return message
    .split('\n')
    .map((line) => escapeControls(line))
    .join('\n');
}
