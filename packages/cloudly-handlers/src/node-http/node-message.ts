import type { IncomingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';

/** A request of `node:http`, or of the compatibility API of `node:http2`. */
export interface NodeRequest extends Readable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly headersDistinct?: Readonly<Record<string, string[] | undefined>> | undefined;
}

/** The response to a {@link NodeRequest}. */
export interface NodeResponse extends Writable {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
}
