import type { Era } from '../eras/era.js';

/** The answer of a cloud that rejects every request. */
export interface CloudRefusal {
  /** Such as 401 or 500. */
  status: number;
  /** Text, or a value that is sent as JSON. @default '' */
  body?: unknown;
}

/** The cloud, which provides apps and settings. `none`: an unmanaged device. */
export type Cloud = 'up' | 'down' | 'none' | CloudRefusal;

/** The states of a cloud that `setCloud` accepts. */
export type CloudState = 'up' | 'down' | CloudRefusal;

/** Whether this is an answer that rejects a request. */
export function isRefusal(cloud: unknown): cloud is CloudRefusal {
  if (typeof cloud !== 'object' || cloud === null) return false;
  const { status } = cloud as { status?: unknown };
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
}

/** The Supervisor's words for why a request to the cloud failed; undefined if it succeeds. */
export function refusalWords(cloud: Cloud, { cloudClientIsRequest }: Era): string | undefined {
  if (cloud === 'up') return undefined;
  if (cloud === 'none') return 'Attempt to communicate with API, without initialized client';
  if (cloud === 'down') return cloudClientIsRequest ? 'connect ECONNREFUSED 192.0.2.1:443' : 'fetch failed';
  // The client turns any body into an error.
  return String(read(cloud.body ?? ''));
}

function read(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
