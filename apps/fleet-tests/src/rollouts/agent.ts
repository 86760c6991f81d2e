import { BaseRunner } from '@serve.zone/baseos-runner-core';
import { Program } from '@serve.zone/baseos-testing/processes/program';

/** An agent that runs. */
export interface Agent {
  stop(): Promise<void>;
}

export type StartAgent = (env: Readonly<Record<string, string>>) => Promise<Agent>;

/** The agent as a library, in this process. */
export async function startInProcess(env: Readonly<Record<string, string>>): Promise<Agent> {
  const runner = BaseRunner.fromEnv(env);
  await runner.start();
  return { stop: async () => runner.stop() };
}

/** The built agent, as a process of its own. */
export function startAsProcess(cliPath: string): StartAgent {
  return async (env) => {
    const program = new Program([cliPath, 'start'], { env });
    return { stop: async () => void (await program.end('SIGTERM')) };
  };
}
