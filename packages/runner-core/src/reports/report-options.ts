import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import type { SupervisorReads } from '../ports/supervisor-reads.js';

/** What a read of the Supervisor needs, in addition to the environment. */
export interface ReportOptions {
  /** The version of the program that looks, as the agent would report it. @default '0.0.0' */
  version?: string | undefined;
  /** The transport to the Supervisor, which never uses a proxy. @default ky, loaded at the first call */
  supervisorFetch?: FetchLike | undefined;
  /** The reads of the Supervisor, where the caller has made them already. @default a client of its own */
  supervisor?: SupervisorReads | undefined;
}
