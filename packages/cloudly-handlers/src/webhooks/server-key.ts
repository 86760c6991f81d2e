/** The key of all servers of a fleet, from which the secrets of webhooks are derived: 32 random bytes. */
export interface ServerKey {
  /**
   * The key; `undefined` if there is none yet.
   *
   * @throws FleetError `webhooks-off` if it cannot be used
   */
  read(this: void): Promise<Uint8Array | undefined>;
  /**
   * The key, which is made if there is none.
   *
   * @throws FleetError `webhooks-off` if it can be neither used nor made
   */
  ensure(this: void): Promise<Uint8Array>;
}
