import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';

/** What a look at the Supervisor takes, beside the environment. */
export interface ReportOptions {
  /** The version of the program that looks, as the agent would report it. @default '0.0.0' */
  version?: string | undefined;
  /** The transport to the Supervisor, which never uses a proxy. @default ky, loaded at the first call */
  supervisorFetch?: FetchLike | undefined;
}
