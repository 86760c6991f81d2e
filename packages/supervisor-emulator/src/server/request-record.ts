/** A request that came in. */
export interface RequestRecord {
  /** In capital letters. */
  method: string;
  /** Without the query. */
  path: string;
  /** Whether it showed a valid key. */
  authenticated: boolean;
}
