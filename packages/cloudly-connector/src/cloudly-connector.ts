import type { HeartbeatRequest, RegisterRequest } from '@serve.zone/baseos-contracts';
import type { FetchLike } from './fetch-like.js';
import type { HeartbeatOutcome, RegisterOutcome } from './outcome.js';

export interface CloudlyConnectorOptions {
  /** Cloudly's base URL, which may have a path. */
  cloudlyUrl: string | URL;
  /** One deadline for a whole exchange: connect, headers and body. @default 30000 */
  timeoutMs?: number;
  /** @default ky, loaded at the first call */
  fetch?: FetchLike;
}

export interface RegisterOptions {
  /** Left out: the node proves itself by its registration key alone. */
  joinToken?: string | (() => string) | undefined;
  signal?: AbortSignal | undefined;
}

export interface HeartbeatOptions {
  nodeToken: string | (() => string);
  /** Also take what a provisional Cloudly answers: any JSON object without `protocol`. @default false */
  provisional?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface CloudlyConnectorShape {
  register(request: RegisterRequest, options?: RegisterOptions): Promise<RegisterOutcome>;
  heartbeat(request: HeartbeatRequest, options: HeartbeatOptions): Promise<HeartbeatOutcome>;
}
