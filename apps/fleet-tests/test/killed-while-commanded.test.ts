import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandCase, commandCases } from '../src/command-kills/command-cases.js';
import { faultsOf, killTable } from '../src/command-kills/kill-table.js';
import { killSteps } from '../src/command-kills/kill-steps.js';
import { runCommandKills } from '../src/command-kills/run-command-kills.js';
import { buildBaseRunner, type BuiltCli } from './build-clis.js';

// The whole table, all kinds by all steps: pnpm run kills:commands.

const TIMEOUT_MS = 180_000;

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildBaseRunner();
}, TIMEOUT_MS);

function caseOf(name: string): CommandCase {
  const found = commandCases.find((each) => each.name === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
}

describe('an agent that is killed at each step of a command, on a real disk and real sockets', () => {
  test(
    'asks for the restart of a service at most once, and tells an outcome',
    async () => {
      const command = caseOf('restart-service');
      const outcomes = await runCommandKills({ cliPath: cli.path, commands: [command], parallel: 4 });
      process.stdout.write(killTable(outcomes));
      expect(outcomes).toHaveLength(killSteps.filter(({ has }) => has(command)).length);
      expect(outcomes.flatMap(faultsOf)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
