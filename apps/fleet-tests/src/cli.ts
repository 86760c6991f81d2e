import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { runProgram } from '@serve.zone/baseos-command-line';
import { createPostgresDatabase } from './database/postgres-database.js';
import { createSqliteDatabase } from './database/sqlite-database.js';
import { describeKills, faultsOf, runKills } from './kills/run-kills.js';
import { parseCommandLine, usage } from './parse-command-line.js';

await runProgram('kills', async (argv) => {
  const line = parseCommandLine(argv, () => randomInt(1, 2 ** 32));
  if (line.kind === 'mistake') {
    process.stderr.write(`${line.message}\n\n${usage}`);
    return 2;
  }
  if (line.kind === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const { database: which, ...order } = line.order;
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
});
