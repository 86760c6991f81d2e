import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { backUpSqliteFleet } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { databaseLocation } from '../database/database-location.js';
import { databaseOnlyFlags, requireDatabase } from '../remote/require-database.js';
import { describeDatabaseError } from '../database/describe-database-error.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { readPath } from '../flags/read-flag.js';

const flags = {
  file: {
    type: 'positional',
    required: true,
    offers: 'files',
    description: 'The file to create; an existing file is never replaced',
  },
  json: jsonFlag,
  ...databaseOnlyFlags,
} as const;

export function backupCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'backup', description: 'Copy the fleet into a file; the server may keep running' },
    args: flags,
    run: async ({ args }) => {
      requireDatabase(args, context.env);
      const location = databaseLocation(args, context.env);
      if (location.kind === 'postgres') throw new OperationError(byPostgres);
      const path = resolve(readPath('The file', args.file));
      const { takenAtMs, frozenJoinTokens } = await backUp(location.path, path);
      const takenAt = new Date(takenAtMs).toISOString();
      const frozen = frozenJoinTokens.map(({ id }) => id);
      context.stderr.write(
        `The fleet as of ${takenAt} is in ${path}. ${describeFrozen(frozen.length)}` +
          'After you restore it, run `recover` on it.\n',
      );
      if (args.json) writeJson(context.stdout, { path, takenAt, bytes: statSync(path).size, frozenJoinTokens: frozen });
    },
  });
}

const byPostgres =
  'Use pg_dump for a fleet in PostgreSQL; the servers may keep running: ' +
  'pg_dump --format=custom --schema=baseos_cloudly --file=<file> <url>. ' +
  'After you restore it with pg_restore, run `recover --taken-at <when pg_dump began>` on it.';

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
        ? `${backupPath} already exists, and a backup never replaces a file. Choose another name.`
        : `The backup cannot be written: ${message}.`,
    );
  }
}

function describeFrozen(count: number): string {
  if (count === 0) return '';
  const [tokens, are] = count === 1 ? ['join token', 'is'] : ['join tokens', 'are'];
  return `Its ${count} usable ${tokens} ${are} frozen in this copy only: after a restore, it is not known how often they were used since then. `;
}
