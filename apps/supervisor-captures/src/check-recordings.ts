import { inspect } from 'node:util';
import { escapeControls } from '@serve.zone/baseos-command-line';
import type { Recording } from './recordings/recording.js';
import type { Verdict } from './recordings/verdict.js';

/** What is compared with recordings. */
export interface Subject {
  name: string;
  checks: readonly { title: string; run: () => Promise<Verdict> }[];
}

export function subjectOf<Of extends Recording>(
  name: string,
  recordings: readonly Of[],
  check: (recording: Of) => Promise<Verdict>,
): Subject {
  return {
    name,
    checks: recordings.map((recording) => ({
      title: `#${recording.index} ${recording.name}`,
      run: async () => check(recording),
    })),
  };
}

export interface CheckOptions {
  /** Also reports how each recording was matched. */
  isVerbose: boolean;
  /** Receives each line when it is known. */
  writeLine: (line: string) => void;
}

/**
 * Compares each subject with its recordings: a line for each mismatch and for each that could not be tried, and their
 * numbers at the end.
 * @returns whether there was no mismatch, and no subject on which nothing at all could be tried.
 */
export async function checkRecordings(
  subjects: readonly Subject[],
  { isVerbose, writeLine }: CheckOptions,
): Promise<boolean> {
  const summaries: string[] = [];
  let isGood = true;
  for (const { name, checks } of subjects) {
    const numbers = { matched: 0, mismatched: 0, notTried: 0 };
    for (const { title, run } of checks) {
      const verdict = await judge(run);
      numbers[kindOf(verdict)] += 1;
      const line = lineOf(verdict, isVerbose);
      if (line !== undefined) writeLine(escapeControls(`${name}  ${title}: ${line}`));
    }
    const { matched, mismatched, notTried } = numbers;
    isGood &&= mismatched === 0 && (matched > 0 || notTried === 0);
    const rest = notTried === 0 ? '' : `, ${notTried} not tried`;
    summaries.push(`${name}: ${matched} matched, ${mismatched} mismatched${rest}`);
  }
  summaries.forEach(writeLine);
  return isGood;
}

function kindOf({ matched }: Verdict): 'matched' | 'mismatched' | 'notTried' {
  if (matched === undefined) return 'notTried';
  return matched ? 'matched' : 'mismatched';
}

/** For a match, only the important part, unless details are requested. */
function lineOf(verdict: Verdict, isVerbose: boolean): string | undefined {
  if (verdict.matched !== true) return verdict.why;
  const { how, remark } = verdict;
  if (isVerbose) return `matched: ${how}${remark === undefined ? '' : ` (${remark})`}`;
  return remark;
}

/** A check that itself fails is a mismatch of its recording, and does not prevent the other checks. */
async function judge(run: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await run();
  } catch (error) {
    return { matched: false, why: `the check failed: ${inspect(error)}` };
  }
}
