/** The options of every call. */
export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason, as `fetch` does. */
  signal?: AbortSignal | undefined;
  /**
   * How long each attempt of this call may take. Waits for another write of this client, and waits between attempts, do
   * not count. @default the client's `timeoutMs`, or the deadline for this kind of call
   */
  timeoutMs?: number | undefined;
}

/** The options of a call that respects update locks. */
export interface ForceOptions extends CallOptions {
  /** Overrides the update locks of services, and **deletes their lock files**. @default false */
  force?: boolean | undefined;
}

/** The options of `update()`. */
export interface UpdateOptions extends CallOptions {
  /**
   * Updates despite update locks, and despite disabled instant updates (since Supervisor 14.5). Deletes lock files.
   * @default false
   */
  force?: boolean | undefined;
  /**
   * Cancels an update that is in progress or waiting, and starts again. Supervisors before 17.1 ignore it.
   * @default the value of `force`: since 17.5, a forced update would otherwise queue behind the locked one
   */
  cancel?: boolean | undefined;
}

export function assertBoolean(name: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw new TypeError(`The option \`${name}\` must be true or false.`);
}

/** The `force` of a request body. It is always sent, so that no default of the Supervisor applies. */
export function forceOf({ force = false }: ForceOptions): { force: boolean } {
  assertBoolean('force', force);
  return { force };
}
