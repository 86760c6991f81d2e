import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type ExitCode, runOneCommand, runProgram } from '@serve.zone/baseos-command-line';
import { createPostgresDatabase } from './database/postgres-database.js';
import { createSqliteDatabase } from './database/sqlite-database.js';
import { describeKills, faultsOf, runKills } from './kills/run-kills.js';
import { type Order, parseCommandLine, usage } from './parse-command-line.js';

await runProgram('kills', async (argv) => {
  const line = parseCommandLine(argv, () => randomInt(1, 2 ** 32));
  return runOneCommand(line, { usage, stdout: process.stdout, stderr: process.stderr }, async ({ order }) =>
    kill(order),
  );
});

/** @returns 1 if anything that was acknowledged is lost */
async function kill({ database: which, ...order }: Order): Promise<ExitCode> {
  const database = which === 'sqlite' ? await createSqliteDatabase() : await createPostgresDatabase();
  const cliPath = fileURLToPath(
    new URL('dist/cli.js', import.meta.resolve('@serve.zone/baseos-cloudly-standalone/package.json')),
  );
  try {
    const outcome = await runKills({ cliPath, database, serverCount: which === 'sqlite' ? 1 : 2, ...order });
    process.stdout.write(`${which}, seed ${order.seed}: ${describeKills(outcome)}\n`);
    const faults = faultsOf(outcome);
    process.stdout.write(faults.map((fault) => `  ${fault}\n`).join(''));
    return faults.length === 0 ? 0 : 1;
  } finally {
    await database.remove();
  }
}
