import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { backUpSqliteFleet } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { databaseFlags, databaseLocation } from '../database/database-location.js';
import { describeDatabaseError } from '../database/describe-database-error.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { readPath } from '../flags/read-flag.js';

const flags = {
  file: { type: 'positional', required: true, description: 'The file to make; one that is there is never replaced' },
  json: jsonFlag,
  ...databaseFlags,
} as const;

export function backupCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'backup', description: 'Copy the fleet into a file, as it is now, beside a running server' },
    args: flags,
    run: async ({ args }) => {
      const location = databaseLocation(args, context.env);
      if (location.kind === 'postgres') throw new OperationError(byPostgres);
      const path = resolve(readPath('The file', args.file));
      const { takenAtMs, frozenJoinTokens } = await backUp(location.path, path);
      const takenAt = new Date(takenAtMs).toISOString();
      const frozen = frozenJoinTokens.map(({ id }) => id);
      context.stderr.write(
        `The fleet as of ${takenAt} is in ${path}. ${tellOfFrozen(frozen.length)}` +
          'Once it is restored, run `recover` on it.\n',
      );
      if (args.json) writeJson(context.stdout, { path, takenAt, bytes: statSync(path).size, frozenJoinTokens: frozen });
    },
  });
}

const byPostgres =
  'A fleet in PostgreSQL is copied by its own tool, beside running servers: ' +
  'pg_dump --format=custom --schema=baseos_cloudly --file=<file> <url>. ' +
  'Once it is restored with pg_restore, run `recover --taken-at <when pg_dump began>` on it.';

async function backUp(path: string, backupPath: string): ReturnType<typeof backUpSqliteFleet> {
  try {
    return await backUpSqliteFleet(path, backupPath);
  } catch (error) {
    if (isFleetStoreError(error)) {
      const location = { kind: 'sqlite', path } as const;
      throw new OperationError(describeDatabaseError(error, location) ?? error.message);
    }
    const { code, message } = error as NodeJS.ErrnoException;
    throw new OperationError(
      code === 'EEXIST'
        ? `${backupPath} is there already, and a backup replaces no file: name another one.`
        : `The backup cannot be written: ${message}.`,
    );
  }
}

function tellOfFrozen(count: number): string {
  if (count === 0) return '';
  const [tokens, are] = count === 1 ? ['join token', 'is'] : ['join tokens', 'are'];
  return `Its ${count} usable ${tokens} ${are} frozen in that copy alone: a restore forgets what they were used for since. `;
}
