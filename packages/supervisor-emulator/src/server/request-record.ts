/** A received request. */
export interface RequestRecord {
  /** In upper case. */
  method: string;
  /** Without the query. */
  path: string;
  /** Whether it carried a valid key. */
  authenticated: boolean;
}
