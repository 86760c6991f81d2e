import { inspect } from 'node:util';
import { escapeControls } from '@serve.zone/baseos-command-line';
import { checkClient } from './client/check-client.js';
import { checkEmulator } from './emulator/check-emulator.js';
import type { Recording } from './recording.js';
import type { Verdict } from './verdict.js';

const checks: Readonly<Record<string, (recording: Recording) => Promise<Verdict>>> = {
  client: checkClient,
  emulator: checkEmulator,
};

export interface CheckOptions {
  /** Tells how each recording was matched, too. */
  readonly isVerbose: boolean;
  /** Gets each line as it is known. */
  readonly writeLine: (line: string) => void;
}

/**
 * Holds client and emulator against each recording: a line for each mismatch, and their numbers at the end.
 * @returns whether there was none.
 */
export async function checkRecordings(
  recordings: readonly Recording[],
  { isVerbose, writeLine }: CheckOptions,
): Promise<boolean> {
  const summaries: string[] = [];
  let isGood = true;
  for (const [subject, check] of Object.entries(checks)) {
    let matched = 0;
    for (const recording of recordings) {
      const verdict = await judge(check, recording);
      if (verdict.matched) matched += 1;
      if (verdict.matched && !isVerbose) continue;
      const verdictLine = verdict.matched ? `matched: ${verdict.how}` : verdict.why;
      writeLine(escapeControls(`${subject}  #${recording.index} ${recording.name}: ${verdictLine}`));
    }
    const mismatched = recordings.length - matched;
    isGood &&= mismatched === 0;
    summaries.push(`${subject}: ${matched} matched, ${mismatched} mismatched`);
  }
  summaries.forEach(writeLine);
  return isGood;
}

/** A check that fails itself is a mismatch of its recording, and does not keep the others from being checked. */
async function judge(check: (recording: Recording) => Promise<Verdict>, recording: Recording): Promise<Verdict> {
  try {
    return await check(recording);
  } catch (error) {
    return { matched: false, why: `the check failed: ${inspect(error)}` };
  }
}
