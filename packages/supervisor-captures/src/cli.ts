import { runProgram, type ExitCode } from '@serve.zone/baseos-command-line';
import { checkRecordings } from './check-recordings.js';
import { parseCommandLine, usage } from './parse-command-line.js';
import { readRecordings, RecordingsError } from './read-recordings.js';

await runProgram('captures', main);

async function main(argv: readonly string[]): Promise<ExitCode> {
  // A package manager runs scripts in the package's folder and tells here where it was called.
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
    const recordings = await readRecordings(line.folder);
    const writeLine = (text: string): void => void process.stdout.write(`${text}\n`);
    return (await checkRecordings(recordings, { isVerbose: line.isVerbose, writeLine })) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RecordingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}
