import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type CommandLine =
  | { kind: 'check'; folder: string; isVerbose: boolean }
  | { kind: 'help' }
  | { kind: 'mistake'; message: string };

export const usage = `Compares the Supervisor client and the Supervisor emulator with answers recorded from a real Supervisor of this and of other eras.

  npm run -s captures -- <folder>     the folder with captures.json, eras.json and gate.json, or some of them

  --verbose    also show in which situation of the emulator each recording matched
  --help       show this help

Exit code: 0 if everything matches, 1 if something does not, 2 if the recordings cannot be read.
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
    if (folder === undefined) return { kind: 'mistake', message: 'Give the folder with the recordings.' };
    if (others.length > 0) return { kind: 'mistake', message: 'Give one folder only.' };
    return { kind: 'check', folder: resolve(cwd, folder), isVerbose: values.verbose };
  } catch (error) {
    return { kind: 'mistake', message: (error as Error).message };
  }
}
