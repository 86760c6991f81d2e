/** The reply to a request: an answer, or one of the ways to give none. A transport carries it out. */
export type Reply = AnswerReply | { kind: 'hang' } | { kind: 'reset' } | { kind: 'refused' };

export interface AnswerReply {
  kind: 'answer';
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | Chunks;
}

/**
 * A body, piece by piece. The signal aborts when the client disconnects. If it throws, the connection breaks in the middle of
 * the body.
 */
export type Chunks = (signal: AbortSignal) => AsyncIterable<Uint8Array>;
