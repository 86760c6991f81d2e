/**
 * - `contention`: one record was changed by others again and again while this change was being made; try later.
 * - `database-unreachable`: the database server does not answer now, or the connection to it was lost; try later.
 * - `database-unusable`: the database cannot be opened, or denies access.
 * - `database-foreign`: the file is not a database, or the database holds another program's data.
 * - `database-newer`: a newer version of this package has written the database.
 * - `database-older`: an older version of this package has written the database, and the caller did not allow an
 *   upgrade.
 * - `database-missing`: there is no fleet, and the caller did not allow to create one.
 * - `database-files-mixed`: the files of the database do not belong together, or were deleted, replaced or written over
 *   while it was open.
 */
export type FleetStoreErrorCode =
  | 'contention'
  | 'database-unreachable'
  | 'database-unusable'
  | 'database-foreign'
  | 'database-newer'
  | 'database-older'
  | 'database-missing'
  | 'database-files-mixed';

const brand = Symbol.for('@serve.zone/baseos-cloudly-handlers/FleetStoreError');

export interface FleetStoreErrorOptions extends ErrorOptions {
  /** What an operator can do about it, in sentences. */
  remedy?: string | undefined;
}

/** Why an operation of a store failed. The message says what happened, without a full stop at its end. */
export class FleetStoreError extends Error {
  override readonly name = 'FleetStoreError';
  readonly code: FleetStoreErrorCode;
  /** What an operator can do about it, in sentences; `undefined` if that depends on how the store was opened. */
  readonly remedy: string | undefined;

  constructor(code: FleetStoreErrorCode, message: string, { remedy, ...options }: FleetStoreErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Also holds for an error of another copy of this package. */
export function isFleetStoreError(candidate: unknown): candidate is FleetStoreError {
  return typeof candidate === 'object' && candidate !== null && brand in candidate;
}

/** Whether a store may answer again later. */
export function isPassing(error: unknown): error is FleetStoreError {
  return isFleetStoreError(error) && (error.code === 'contention' || error.code === 'database-unreachable');
}
