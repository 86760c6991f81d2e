import process from 'node:process';
import type { CommandCase } from './command-cases.js';
import { type KillOutcome, killAtStep } from './kill-at-step.js';
import { type KillStep, killSteps } from './kill-steps.js';
import { startWatchedCloudly } from './watched-cloudly.js';

export interface CommandKillsOptions {
  /** The built program of BaseRunner. */
  cliPath: string;
  commands: readonly CommandCase[];
  /** @default all that a command has */
  steps?: readonly KillStep[];
  /** How many devices there are at a time. */
  parallel: number;
}

/** The locks of the Supervisor, which a gate must tell from its own, are files of another user. */
export function isPossible({ isGated }: CommandCase): boolean {
  return isGated !== true || process.getuid?.() === 0;
}

/** Kills an agent at each step of each command, each time on a device of its own. */
export async function runCommandKills({
  cliPath,
  commands,
  steps = killSteps,
  parallel,
}: CommandKillsOptions): Promise<KillOutcome[]> {
  const cloudly = await startWatchedCloudly();
  try {
    const cells = commands
      .filter(isPossible)
      .flatMap((command) => steps.filter(({ has }) => has(command)).map((step) => ({ command, step })));
    const outcomes: KillOutcome[] = [];
    const waiting = [...cells.entries()];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, cell] = next;
        outcomes[index] = await killAtStep({ cliPath, cloudly, ...cell });
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    return outcomes;
  } finally {
    await cloudly.close();
  }
}
