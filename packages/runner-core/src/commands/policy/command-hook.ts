import { safeText } from '@serve.zone/baseos-contracts';
import type { Problem } from '../../values/problem.js';
import { findHookProblem } from './hook-executable.js';
import { hookProblem } from './hook-problems.js';
import { type HookEnd, runHook } from './hook-process.js';
import { type CommandVerdict, type OnCommand, undecided } from './on-command.js';

const answersWithinMs = 30_000;
/** EX_TEMPFAIL of sysexits.h: try again later. */
const postponingExitCode = 75;

/**
 * Asks an executable before each command, without arguments. It gets the command as JSON on stdin, and only PATH and HOME of
 * the environment. Exit code 0 runs the command, 75 postpones it, and any other refuses it for the reason on stdout. If it
 * cannot be executed, lacks what it needs (126, 127), ends by a signal or takes longer than 30 seconds, after which its
 * process group is killed, the command is postponed. It does not outlive the agent.
 *
 * @param onProblem told why it gave no verdict, once for each reason in a row
 */
export function commandHook(
  path: string,
  {
    onProblem,
    killAfterMs = answersWithinMs,
  }: { onProblem: (problem: Problem) => void; killAfterMs?: number | undefined },
): OnCommand {
  let told: string | undefined;
  return async (command, { signal }) => {
    const problem = await findHookProblem(path);
    const verdict = problem ? undecided(problem) : await ask(path, JSON.stringify(command), { signal, killAfterMs });
    const met = typeof verdict === 'object' && 'postpone' in verdict ? verdict.problem : undefined;
    if (met && met.message !== told && !signal.aborted) onProblem(met);
    told = met?.message;
    return verdict;
  };
}

async function ask(
  path: string,
  line: string,
  { signal, killAfterMs }: { signal: AbortSignal; killAfterMs: number },
): Promise<CommandVerdict> {
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), killAfterMs);
  try {
    const end = await runHook(path, line, AbortSignal.any([signal, timeUp.signal]));
    return verdictOf(end, path, killAfterMs);
  } finally {
    clearTimeout(timer);
  }
}

function verdictOf(end: HookEnd, path: string, killAfterMs: number): CommandVerdict {
  switch (end.kind) {
    case 'cut':
      return undecided(hookProblem('hook-too-slow', { path, seconds: String(killAfterMs / 1000) }));
    case 'killed':
      return undecided(hookProblem('hook-killed', { path, reason: end.signal }));
    case 'not-started':
      return undecided(hookProblem('hook-not-executable', { path, reason: end.reason }));
    default:
      return verdictOfExit(end, path);
  }
}

function verdictOfExit({ exitCode, output }: Extract<HookEnd, { kind: 'exited' }>, path: string): CommandVerdict {
  if (exitCode === 0) return 'run';
  // By these, shells say that they could not execute a program.
  if (exitCode === 126 || exitCode === 127) {
    return undecided(hookProblem('hook-incomplete', { path, reason: `exit code ${exitCode}` }));
  }
  const reason = safeText(output, 1000);
  if (exitCode === postponingExitCode) return { postpone: reason ?? `The hook ${path} postpones it.` };
  return { refuse: reason ?? `The hook ${path} refuses it with exit code ${exitCode}.` };
}
