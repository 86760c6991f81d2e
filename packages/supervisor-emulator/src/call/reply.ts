/** What becomes of a request: an answer, or one of the ways to get none. A transport carries it out. */
export type Reply = AnswerReply | { kind: 'hang' } | { kind: 'reset' } | { kind: 'refused' };

export interface AnswerReply {
  kind: 'answer';
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | Chunks;
}

/**
 * A body piece by piece. The signal says that the client has gone. Where it throws, the connection is torn in the middle of
 * the body.
 */
export type Chunks = (signal: AbortSignal) => AsyncIterable<Uint8Array>;
