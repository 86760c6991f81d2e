/** A request, as any transport can state it. */
export interface SupervisorRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly header: (name: string) => string | undefined;
  /** null if the request has none. */
  readonly body: AsyncIterable<Uint8Array> | null;
}
