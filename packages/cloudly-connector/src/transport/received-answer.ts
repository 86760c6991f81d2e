import type { ReceivedBody } from './read-bounded.js';

/** All of an answer that counts. */
export interface ReceivedAnswer {
  status: number;
  /** Told in a reason, never judged: what the body says is harder to get by accident than its label. */
  contentType: string | undefined;
  retryAfter: string | undefined;
  date: string | undefined;
  body: ReceivedBody;
}
