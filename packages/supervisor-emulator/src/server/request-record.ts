/** A request that came in. */
export interface RequestRecord {
  /** In capital letters. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Whether it showed a valid key. */
  readonly authenticated: boolean;
}
