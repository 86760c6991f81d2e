import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sourceFlags } from '@serve.zone/baseos-testing/processes/node-flags';

/** An agent's process as far as its identity is concerned. */
export interface IdentityProcess {
  child: ChildProcessWithoutNullStreams;
  /** The next line that it prints. */
  next(): Promise<Record<string, unknown>>;
  /** Ends it as a crash does. */
  crash(): Promise<void>;
}

export function openIdentityInProcess(statePath: string, userId?: number): IdentityProcess {
  return runInProcess(new URL('open-identity-process.ts', import.meta.url), statePath, userId);
}

/** Prints the result of a reset. */
export function resetIdentityInProcess(statePath: string, userId?: number): IdentityProcess {
  return runInProcess(new URL('reset-identity-process.ts', import.meta.url), statePath, userId);
}

function runInProcess(program: URL, statePath: string, userId: number | undefined): IdentityProcess {
  const child = spawn(process.execPath, [
    ...sourceFlags,
    fileURLToPath(program),
    statePath,
    ...(userId === undefined ? [] : [String(userId)]),
  ]);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    next: async () => {
      const { value, done } = await lines.next();
      if (done === true || value === undefined) throw new Error(`The process ended: ${errors}`);
      return JSON.parse(value);
    },
    crash: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
