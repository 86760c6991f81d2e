import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type CommandLine =
  | { kind: 'check'; folder: string; isVerbose: boolean }
  | { kind: 'help' }
  | { kind: 'mistake'; message: string };

export const usage = `Holds the Supervisor client and the Supervisor emulator against answers recorded from a real Supervisor, and the client against
those of Supervisors of other eras.

  pnpm captures <folder>     the folder that holds captures.json, eras.json or both

  --verbose    also tells in which situation of the emulator each recording was found again
  --help       this text

Exit code: 0 if everything matches, 1 if anything does not, 2 if the recordings cannot be read.
`;

/** @param cwd what a relative folder is relative to */
export function parseCommandLine(argv: readonly string[], cwd: string): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      // What a package manager passes on to separate its own options from ours.
      args: argv[0] === '--' ? argv.slice(1) : [...argv],
      options: { verbose: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) return { kind: 'help' };
    const [folder, ...others] = positionals;
    if (folder === undefined) return { kind: 'mistake', message: 'The folder with the recordings is missing.' };
    if (others.length > 0) return { kind: 'mistake', message: 'One folder is expected, and there are more.' };
    return { kind: 'check', folder: resolve(cwd, folder), isVerbose: values.verbose };
  } catch (error) {
    return { kind: 'mistake', message: (error as Error).message };
  }
}
