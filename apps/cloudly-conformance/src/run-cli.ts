import { escapeControls, type ExitCode, runOneCommand, type TextStream } from '@serve.zone/baseos-command-line';
import { GaveUp } from './run/gave-up.js';
import { type Asked, parseCommandLine, usage } from './command/parse-command-line.js';
import { describeResult, describeSummary, summarize } from './command/report.js';
import type { RuleResult } from './run/rule-result.js';
import { type ConformanceOptions, runConformance } from './run/run-conformance.js';

/** Runs a command line, given without the program's name, and resolves with its exit code. It never ends the process. */
export async function runCli(argv: readonly string[], stdout: TextStream, stderr: TextStream): Promise<ExitCode> {
  return runOneCommand(parseCommandLine(argv), { usage, stdout, stderr }, async (asked) => run(asked, stdout, stderr));
}

async function run({ options, json }: Asked, stdout: TextStream, stderr: TextStream): Promise<ExitCode> {
  const { results, gaveUp } = await outcomeOf(
    runConformance({ ...options, onResult: json ? () => undefined : teller(stdout) }),
  );
  const summary = summarize(results);
  if (json) stdout.write(`${toJson(options, results, gaveUp)}\n`);
  else if (results.length > 0) stdout.write(`\n${describeSummary(summary)}\n`);
  const complaints = [...(gaveUp === undefined ? [] : [gaveUp]), ...brokenProvisions(results)];
  for (const complaint of complaints) stderr.write(`${escapeControls(complaint)}\n`);
  if (summary.fail > 0) return 1;
  return complaints.length === 0 ? 0 : 2;
}

/** Without this, a token or command that does not work would look like a run without failures. */
function brokenProvisions(results: readonly RuleResult[]): string[] {
  const broken = results.filter((result) => result.verdict === 'not-tried' && result.isProvisionBroken);
  if (broken.length === 0) return [];
  return [`Not tried because a given token or command did not work: ${broken.map(({ name }) => name).join(', ')}.`];
}

interface Outcome {
  results: readonly RuleResult[];
  /** Why the run ended before its last rule. */
  gaveUp?: string;
}

async function outcomeOf(rules: Promise<readonly RuleResult[]>): Promise<Outcome> {
  try {
    return { results: await rules };
  } catch (error) {
    if (error instanceof GaveUp) return { results: error.results, gaveUp: error.message };
    throw error;
  }
}

/** Writes each result when it is known, under the title of its section. */
function teller(stdout: TextStream): (result: RuleResult) => void {
  let section: string | undefined;
  return (result) => {
    if (result.section !== section) stdout.write(`${section === undefined ? '' : '\n'}${result.section}\n`);
    ({ section } = result);
    stdout.write(`${describeResult(result)}\n`);
  };
}

function toJson({ url }: ConformanceOptions, results: readonly RuleResult[], gaveUp: string | undefined): string {
  return JSON.stringify({ url, ...summarize(results), ...(gaveUp !== undefined && { gaveUp }), results }, undefined, 2);
}
