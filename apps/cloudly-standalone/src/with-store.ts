import { existsSync } from 'node:fs';
import { type FleetStore, isFleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { OperationError } from './command-context.js';
import { defaultData } from './database-path.js';
import { describeDataError } from './describe-data-error.js';

export const dataFlag = {
  type: 'string',
  default: defaultData,
  description: 'The data of the server: what `serve` was given as --data',
} as const;

/**
 * What `work` gives on the fleet in a file that is there already, beside a running server or without one.
 *
 * @throws OperationError when the file is missing or is not a fleet's: a new, empty fleet would hide a mistyped path.
 */
export async function withStore<Result>(path: string, work: (store: FleetStore) => Promise<Result>): Promise<Result> {
  if (!existsSync(path)) {
    throw new OperationError(
      `There is no data at ${path}. Name the data of your server with --data, or start one with \`serve\` first.`,
    );
  }
  const store = open(path);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

function open(path: string): ReturnType<typeof openSqliteStore> {
  try {
    return openSqliteStore(path);
  } catch (error) {
    throw isFleetStoreError(error) ? new OperationError(describeDataError(error, path) ?? error.message) : error;
  }
}
