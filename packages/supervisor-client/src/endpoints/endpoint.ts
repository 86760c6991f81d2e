import type { ReadAnswer } from '../answers/read-answer.js';

/** Everything that the client knows about an endpoint. */
export interface Endpoint<Result> {
  method: 'GET' | 'POST' | 'PATCH';
  /** `:appId` stands for the ID of an app. */
  path: string;
  /** The first Supervisor that has the endpoint, for the message about an older one. Absent if it is not known. */
  since?: string;
  /** `optional`: only old Supervisors require the key, so the client sends it if there is one. */
  key: 'required' | 'optional';
  /** A `write` changes something, regardless of its method. It is not retried once the Supervisor may have received it. */
  effect: 'read' | 'write';
  deadline: keyof typeof deadlinesMs;
  /** It needs balena's cloud, so it fails while the device is offline. */
  needsCloud?: true;
  /** It accepts no `force`, although locks prevent it on old Supervisors. */
  withoutForce?: true;
  /** When some Supervisors do not answer at all, for the message of a timeout. */
  silence?: string;
  /** How to read the answer for each status of success; `2xx` stands for those that are not listed. */
  answers: Readonly<Record<number, ReadAnswer<Result>> & { '2xx'?: ReadAnswer<Result> }>;
}

/**
 * How long an exchange may take, by kind of call. The Supervisor waits up to 10 s for its own locks before it answers a
 * `lockable` call. It answers a call about `containers` when they have stopped and, if need be, run again. Before 14.0.1,
 * a reboot is such a call, too.
 */
export const deadlinesMs = { read: 15_000, lockable: 30_000, containers: 120_000 } as const;

/** The endpoint with the app ID in its path. */
export function endpointOf<Result>(endpoint: Endpoint<Result>, appId: number | undefined): Endpoint<Result> {
  return appId === undefined ? endpoint : { ...endpoint, path: endpoint.path.replace(':appId', String(appId)) };
}

/** The endpoint's name in errors: method and path. */
export function nameOf({ method, path }: Pick<Endpoint<unknown>, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
