import { findHookProblem, type Problem, type RunnerConfig } from '@serve.zone/baseos-runner-core';

/** The program that is asked before each command, as this user finds it. */
export interface CommandHookFacts {
  path: string;
  /** Why it cannot be executed. */
  problem?: Problem | undefined;
}

/** Whether the hook can be executed. It is not executed. */
export async function probeCommandHook({ commandHook: path }: RunnerConfig): Promise<CommandHookFacts | undefined> {
  return path === undefined ? undefined : { path, problem: await findHookProblem(path) };
}
