import { runProgram, type ExitCode } from '@serve.zone/baseos-command-line';
import { checkRecordings } from './check-recordings.js';
import { parseCommandLine, usage } from './parse-command-line.js';
import { RecordingsError } from './recordings/read-file.js';
import { readFolder } from './read-folder.js';

await runProgram('captures', main);

async function main(argv: readonly string[]): Promise<ExitCode> {
  // A package manager runs scripts in the package's folder; this variable says where it was called.
  const line = parseCommandLine(argv, process.env['INIT_CWD'] ?? process.cwd());
  if (line.kind === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (line.kind === 'mistake') {
    process.stderr.write(`${line.message}\n\n${usage}`);
    return 2;
  }
  try {
    const subjects = await readFolder(line.folder);
    const writeLine = (text: string): void => void process.stdout.write(`${text}\n`);
    return (await checkRecordings(subjects, { isVerbose: line.isVerbose, writeLine })) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RecordingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}
