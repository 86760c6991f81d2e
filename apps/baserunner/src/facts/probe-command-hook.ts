import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { RunnerConfig } from '@serve.zone/baseos-runner-core';

/** The program that is asked before each command, as this user finds it. */
export interface CommandHookFacts {
  path: string;
  /** Why it cannot be executed: a code of the system, or that it is no file. */
  problem?: string | undefined;
}

/** Whether the hook can be executed. It is not executed. */
export async function probeCommandHook({ commandHook: path }: RunnerConfig): Promise<CommandHookFacts | undefined> {
  if (path === undefined) return undefined;
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile() ? { path } : { path, problem: 'it is not a file' };
  } catch (error) {
    return { path, problem: error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason' };
  }
}
