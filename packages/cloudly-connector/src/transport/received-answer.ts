import type { ReceivedBody } from './read-bounded.js';

/** The parts of an answer that matter. */
export interface ReceivedAnswer {
  status: number;
  /** Only for messages. The body decides: its content is harder to get right by accident than its label. */
  contentType: string | undefined;
  retryAfter: string | undefined;
  date: string | undefined;
  body: ReceivedBody;
}
