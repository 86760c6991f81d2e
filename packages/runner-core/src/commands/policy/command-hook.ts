import { Buffer } from 'node:buffer';
import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { safeText } from '@serve.zone/baseos-contracts';
import type { CommandVerdict, OnCommand } from './on-command.js';

const killAfterMs = 30_000;
const outputMaxBytes = 4096;
/** What a child of the hook that goes on may hold open. */
const outputEndsWithinMs = 1000;
/** EX_TEMPFAIL of sysexits.h: try again later. */
const postponingExitCode = 75;

/**
 * Asks an executable before each command, without a shell and without arguments. It gets the command as JSON on stdin, and
 * only PATH and HOME of the environment. Exit code 0 runs the command, 75 postpones it, and any other refuses it for the
 * reason on stdout. If it cannot be executed, ends by a signal or takes longer than 30 seconds, after which its process
 * group is killed, the command is postponed.
 *
 * @param onProblem told why it gave no verdict, once for each reason in a row
 */
export function commandHook(
  path: string,
  { onProblem, killAfter = killAfterMs }: { onProblem: (message: string) => void; killAfter?: number | undefined },
): OnCommand {
  let told: string | undefined;
  return async (command, { signal }) => {
    const ended = await run(path, `${JSON.stringify(command)}\n`, { signal, killAfter });
    if ('problem' in ended) {
      const problem = `The hook ${path} (BASEOS_COMMAND_HOOK) ${ended.problem}.`;
      if (!signal.aborted && problem !== told) onProblem(`${problem} The command is postponed.`);
      told = problem;
      return { postpone: problem };
    }
    told = undefined;
    return verdictOf(ended, path);
  };
}

function verdictOf({ exitCode, output }: { exitCode: number; output: string }, path: string): CommandVerdict {
  if (exitCode === 0) return 'run';
  const reason = safeText(output, 1000);
  if (exitCode === postponingExitCode) return { postpone: reason ?? `The hook ${path} postpones it.` };
  return { refuse: reason ?? `The hook ${path} refuses it with exit code ${exitCode}.` };
}

async function run(
  path: string,
  input: string,
  { signal, killAfter }: { signal: AbortSignal; killAfter: number },
): Promise<{ exitCode: number; output: string } | { problem: string }> {
  const { spawn } = await import('node:child_process');
  const { PATH, HOME } = process.env;
  const env = { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }) };
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), killAfter);
  const cut = AbortSignal.any([signal, timeUp.signal]);
  try {
    // As the leader of a group of its own, it can be killed with its children.
    const child = spawn(path, { env, detached: true, shell: false, stdio: ['pipe', 'pipe', 'ignore'] });
    const kill = (): void => killGroup(child);
    cut.addEventListener('abort', kill);
    const output = collect(child);
    child.stdin.on('error', () => undefined).end(input);
    const how = await howItEnds(child);
    cut.removeEventListener('abort', kill);
    if (timeUp.signal.aborted) return { problem: `took longer than ${killAfter / 1000} s and was killed` };
    if ('problem' in how) return how;
    return { exitCode: how.exitCode, output: await output() };
  } catch (error) {
    return { problem: `cannot be executed (${codeOf(error)})` };
  } finally {
    clearTimeout(timer);
  }
}

async function howItEnds(child: ChildProcess): Promise<{ exitCode: number } | { problem: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ problem: `cannot be executed (${codeOf(error)})` }));
    child.once('exit', (exitCode, byWhat) =>
      resolve(exitCode === null ? { problem: `was ended by ${byWhat ?? 'a signal'}` } : { exitCode }),
    );
  });
}

/** The first part of its output; the rest is read and dropped, so that the hook does not block. */
function collect({ stdout }: ChildProcess): () => Promise<string> {
  const chunks: Buffer[] = [];
  let leftBytes = outputMaxBytes;
  const ended = new Promise<void>((resolve) => {
    stdout?.on('data', (chunk: Buffer) => {
      if (leftBytes > 0) chunks.push(chunk.subarray(0, leftBytes));
      leftBytes -= chunk.length;
    });
    stdout?.once('close', resolve);
  });
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, outputEndsWithinMs)))]);
    clearTimeout(timer);
    stdout?.destroy();
    return Buffer.concat(chunks).toString('utf8');
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
