import { type ExitCode, type TextStream } from '@serve.zone/baseos-command-line';
import { parseCommandLine, usage } from './parse-command-line.js';
import { describeResult, describeSummary, summarize } from './report.js';
import { type ConformanceOptions, type RuleResult, runConformance } from './run-conformance.js';

/** Runs a command line, given without the program's name, and resolves with its exit code. It never ends the process. */
export const runCli = async (argv: readonly string[], stdout: TextStream, stderr: TextStream): Promise<ExitCode> => {
  const line = parseCommandLine(argv);
  if (line.kind === 'mistake') {
    stderr.write(`${line.message}\n\n${usage}`);
    return 2;
  }
  if (line.kind === 'help') {
    stdout.write(usage);
    return 0;
  }
  const results = await runConformance({ ...line.options, onResult: line.json ? () => undefined : teller(stdout) });
  const summary = summarize(results);
  stdout.write(line.json ? `${toJson(line.options, results)}\n` : `\n${describeSummary(summary)}\n`);
  return summary.fail === 0 ? 0 : 1;
};

/** Writes each result as it comes, under the title of its section. */
const teller = (stdout: TextStream): ((result: RuleResult) => void) => {
  let section: string | undefined;
  return (result) => {
    if (result.section !== section) stdout.write(`${section === undefined ? '' : '\n'}${result.section}\n`);
    ({ section } = result);
    stdout.write(`${describeResult(result)}\n`);
  };
};

const toJson = ({ url }: ConformanceOptions, results: readonly RuleResult[]): string =>
  JSON.stringify({ url, ...summarize(results), results }, undefined, 2);
