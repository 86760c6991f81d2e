import type { Era } from '../eras/era.js';

/** What the cloud answers every request with, in place of what was asked for. */
export interface CloudRefusal {
  /** Such as 401 or 500. */
  readonly status: number;
  /** Text, or a value that is sent as JSON. @default '' */
  readonly body?: unknown;
}

/** Where apps and settings come from: the cloud, whether it can be reached or not, or on an unmanaged device nowhere. */
export type Cloud = 'up' | 'down' | 'none' | CloudRefusal;

/** What can be said of a cloud by `setCloud`. */
export type CloudState = 'up' | 'down' | CloudRefusal;

/** Whether this is an answer that refuses. */
export function isRefusal(cloud: unknown): cloud is CloudRefusal {
  if (typeof cloud !== 'object' || cloud === null) return false;
  const { status } = cloud as { status?: unknown };
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
}

/** Why the cloud does not give what the Supervisor asks it for, in the Supervisor's words; undefined if it does. */
export function refusalWords(cloud: Cloud, { cloudClientIsRequest }: Era): string | undefined {
  if (cloud === 'up') return undefined;
  if (cloud === 'none') return 'Attempt to communicate with API, without initialized client';
  if (cloud === 'down') return cloudClientIsRequest ? 'connect ECONNREFUSED 192.0.2.1:443' : 'fetch failed';
  // The client makes an error of the body, whatever that is.
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
