import { Buffer } from 'node:buffer';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { errorCode } from '../../disk/error-code.js';

/** How a hook ended, and the first part of what it wrote. */
export type HookEnd =
  | { kind: 'exited'; exitCode: number; output: string }
  | { kind: 'killed'; signal: string }
  /** The signal aborted. */
  | { kind: 'cut' }
  | { kind: 'not-started'; reason: string };

const outputMaxBytes = 4096;
/** What a child of the hook that goes on may hold open. */
const outputEndsWithinMs = 1000;
const endsWithinMs = 1000;

/**
 * The hook ($0) gets the first line of stdin. A guard waits for what follows: a second line ends the hook, and the end of
 * stdin, which comes with the end of the agent however that ends, kills the whole process group. The shell waits for all
 * that it has started, because the agent may be the first process of a container, which leaves orphans as zombies.
 */
const guarded = String.raw`
exec 3<&0 </dev/null
IFS= read -r command <&3 || exit 75
printf '%s\n' "$command" | "$0" 3<&- &
hook=$!
{ if read -r _ <&3; then kill -KILL "$hook"; else kill -KILL 0; fi; } >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$hook"
code=$?
kill -KILL "$guard" 2>/dev/null
wait
exit "$code"`;

/** Runs a hook and waits for its end. It never rejects. */
export async function runHook(path: string, line: string, signal: AbortSignal): Promise<HookEnd> {
  try {
    const child = await startHook(path, line);
    const output = collect(child);
    const end = (): void => endHook(child);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
    const ended = await howItEnds(child);
    signal.removeEventListener('abort', end);
    if (ended.kind === 'exited' && !signal.aborted) return { ...ended, output: await output() };
    child.stdout?.destroy();
    if (!signal.aborted) return ended;
    // What the hook has started goes with it.
    killGroup(child);
    return { kind: 'cut' };
  } catch (error) {
    return { kind: 'not-started', reason: reasonOf(error) };
  }
}

/** As the leader of a group of its own, so that it can be killed with its children. */
export async function startHook(path: string, line: string): Promise<ChildProcess> {
  const { spawn } = await import('node:child_process');
  const { PATH, HOME } = process.env;
  const env = { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }) };
  const stdio = ['pipe', 'pipe', 'ignore'] as const;
  const child = spawn('/bin/sh', ['-c', guarded, path], { env, detached: true, stdio: [...stdio] });
  child.stdin.on('error', () => undefined).write(`${line}\n`);
  return child;
}

function endHook(child: ChildProcess): void {
  child.stdin?.write('end\n');
  const late = setTimeout(() => killGroup(child), endsWithinMs);
  child.once('exit', () => clearTimeout(late));
}

async function howItEnds(child: ChildProcess): Promise<HookEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', reason: reasonOf(error) }));
    child.once('exit', (exitCode, byWhat) => {
      // A shell tells so that a signal ended what it waited for.
      const signal = byWhat ?? (exitCode === null ? undefined : signalOf(exitCode - 128));
      child.stdin?.destroy();
      resolve(
        signal === undefined ? { kind: 'exited', exitCode: exitCode ?? 0, output: '' } : { kind: 'killed', signal },
      );
    });
  });
}

function signalOf(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
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
    // Nothing of it is left.
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  return code === 'ENOENT' ? 'there is no /bin/sh' : (code ?? 'unknown reason');
}
