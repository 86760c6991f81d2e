import type { IncomingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';

/** A request of `node:http`, or of the compatibility API of `node:http2`. */
export interface NodeRequest extends Readable {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
  headersDistinct?: Readonly<Record<string, string[] | undefined>> | undefined;
}

/** The response to a {@link NodeRequest}. */
export interface NodeResponse extends Writable {
  statusCode: number;
  headersSent: boolean;
  setHeader(name: string, value: string | string[]): unknown;
  /** Both have it; the types of `node:http2` do not. */
  flushHeaders?(): void;
}
