/** A request, as any transport can state it. */
export interface SupervisorRequest {
  method: string;
  /** As it was sent, without the query. */
  path: string;
  /** As it was sent, without the question mark. */
  query: string;
  header: (name: string) => string | undefined;
  /** undefined if the request has none. */
  body: AsyncIterable<Uint8Array> | undefined;
}
