import type { NodeResponse } from './node-message.js';

/** Ends an answer so that its client learns that there was more of it. */
export function cutOff(outgoing: NodeResponse): void {
  // To a client of HTTP/2, a stream that ends without an error is whole. A client of HTTP/1.1 sees that the end is missing, and
  // its server would take the error for one of the client.
  if ('stream' in outgoing) outgoing.destroy(new Error('The answer ends before all of it was sent'));
  else outgoing.destroy();
}
