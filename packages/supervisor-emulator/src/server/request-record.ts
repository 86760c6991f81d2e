/** A received request. */
export interface RequestRecord {
  /** In capital letters. */
  method: string;
  /** Without the query. */
  path: string;
  /** Whether it carried a valid key. */
  authenticated: boolean;
}
