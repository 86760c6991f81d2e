import { FleetStoreError, isFleetStoreError } from '../../../fleet/fleet-store-error.js';

/** SQLite's primary result code (https://www.sqlite.org/rescode.html), also of its extended codes. */
export function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}

/** The store's error for an error of SQLite that is about the whole database. Any other error is returned as it is. */
export function storeErrorOf(error: unknown, path: string): unknown {
  if (isFleetStoreError(error)) return error;
  const remedy = remedies[primaryCode(error) ?? 0];
  if (remedy === undefined) return error;
  const { message } = error as Error;
  const told = `The database ${path} cannot be used: ${message}`;
  return new FleetStoreError('database-unusable', told, { cause: error, remedy });
}

/** Why a database cannot be opened. */
export function openingErrorOf(error: unknown, path: string): FleetStoreError {
  const told = storeErrorOf(error, path);
  if (isFleetStoreError(told)) return told;
  const reason = error instanceof Error ? error.message : String(error);
  return new FleetStoreError('database-unusable', `The database ${path} cannot be used: ${reason}`, { cause: error });
}

/** What to do if another process holds a database. */
export const stopOtherWriter = 'If the problem persists, stop the program that writes to it.';

/** By result code: readonly, input or output error, corrupt, full, cannot open, no database. */
const remedies: Readonly<Record<number, string>> = {
  8: 'Make the file and its folder writable.',
  10: 'Check the disk.',
  11: 'The file is damaged. Stop the server and restore a backup.',
  13: 'Free up space on the disk. No other action is needed.',
  14: 'Make the file, the files beside it and their folder readable and writable.',
  26: 'Restore a backup.',
};
