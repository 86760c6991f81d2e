/** What every call takes. */
export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason, as `fetch` does. */
  signal?: AbortSignal | undefined;
  /**
   * How long each attempt of this call may take. A wait for another write of this client does not count, nor one before
   * the next attempt. @default the client's `timeoutMs`, or that of the kind of call
   */
  timeoutMs?: number | undefined;
}

/** What a call takes that waits for update locks. */
export interface ForceOptions extends CallOptions {
  /** Overrides the update locks of services, and **deletes their lock files**. @default false */
  force?: boolean | undefined;
}

/** What `update()` takes. */
export interface UpdateOptions extends CallOptions {
  /**
   * Updates in spite of update locks, and where instant updates are switched off (since Supervisor 14.5). Deletes lock files.
   * @default false
   */
  force?: boolean | undefined;
  /**
   * Ends an update that is under way or waits, and starts over. Supervisors before 17.1 ignore it.
   * @default the value of `force`: since 17.5 a forced update would otherwise stay behind the one that is locked
   */
  cancel?: boolean | undefined;
}

export function assertBoolean(name: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw new TypeError(`The option \`${name}\` must be true or false.`);
}

/** The `force` of a request's body: always there, so that no default of the Supervisor counts. */
export function forceOf({ force = false }: ForceOptions): { force: boolean } {
  assertBoolean('force', force);
  return { force };
}
