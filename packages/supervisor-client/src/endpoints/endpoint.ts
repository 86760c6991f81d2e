import type { ReadAnswer } from '../answers/read-answer.js';

/** Everything the client knows of one endpoint. */
export interface Endpoint<Result> {
  method: 'GET' | 'POST' | 'PATCH';
  /** `:appId` stands for the ID of an app. */
  path: string;
  /** The first Supervisor that has it, for the message to whoever runs an older one. Absent if it is not known. */
  since?: string;
  /** `optional`: asked for by old Supervisors only, so sent if there is one. */
  key: 'required' | 'optional';
  /** A `write` changes something, whatever its method: it is not sent again once it may have been received. */
  effect: 'read' | 'write';
  deadline: keyof typeof deadlinesMs;
  /** It asks balena's cloud, and so fails where the device is offline. */
  needsCloud?: true;
  /** It takes no `force`, also where an old Supervisor lets locks keep it back. */
  withoutForce?: true;
  /** When some Supervisors give no answer at all, for whoever has waited for one. */
  silence?: string;
  /** How to read the answer of each status that means success; `2xx` stands for those that are not named. */
  answers: Readonly<Record<number, ReadAnswer<Result>> & { '2xx'?: ReadAnswer<Result> }>;
}

/**
 * How long an exchange may take, by kind of call. The Supervisor itself waits up to 10 s for its own locks before it
 * answers a `lockable` call, and answers one about `containers` when they have stopped and, where need be, run again: before
 * 14.0.1 a reboot is one, too.
 */
export const deadlinesMs = { read: 15_000, lockable: 30_000, containers: 120_000 } as const;

/** The endpoint with a real path. */
export function endpointOf<Result>(endpoint: Endpoint<Result>, appId: number | undefined): Endpoint<Result> {
  return appId === undefined ? endpoint : { ...endpoint, path: endpoint.path.replace(':appId', String(appId)) };
}

/** Method and path, as errors name an endpoint. */
export function nameOf({ method, path }: Pick<Endpoint<unknown>, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
