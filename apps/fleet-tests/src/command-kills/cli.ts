import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { runProgram } from '@serve.zone/baseos-command-line';
import { commandCases } from './command-cases.js';
import { faultsOf, killTable } from './kill-table.js';
import { isPossible, runCommandKills } from './run-command-kills.js';

// Kills the built agent at every step of every kind of command, and prints what became of each.

await runProgram('kills:commands', async () => {
  const cliPath = fileURLToPath(new URL('../../../baserunner/dist/cli.js', import.meta.url));
  const outcomes = await runCommandKills({ cliPath, commands: commandCases, parallel: 4 });
  process.stdout.write(killTable(outcomes));
  const skipped = commandCases.filter((command) => !isPossible(command));
  process.stdout.write(skipped.map(({ name }) => `${name}  skipped: it needs root\n`).join(''));
  const faults = outcomes.flatMap(faultsOf);
  process.stdout.write(faults.map((fault) => `  ${fault}\n`).join(''));
  process.stdout.write(`${outcomes.length} kills, ${faults.length} faults\n`);
  return faults.length === 0 ? 0 : 1;
});
