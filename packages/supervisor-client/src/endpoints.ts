import { readDevice, readStateStatus, readVersion, type UpdateReceipt } from './answers.js';
import { readNothing, readWord, type ReadAnswer } from './read-answer.js';

/** Everything the client knows of one endpoint. */
export interface Endpoint<Result> {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** The first Supervisor that has it, for the message to whoever runs an older one. */
  since: string;
  /** `optional`: asked for by old Supervisors only, so sent if there is one. */
  key: 'required' | 'optional';
  /** A `write` changes something, whatever its method: it is not sent again once it may have been received. */
  effect: 'read' | 'write';
  deadline: keyof typeof deadlinesMs;
  /** How to read the answer of each status that means success. */
  answers: Readonly<Record<number, ReadAnswer<Result>>>;
}

/**
 * How long an exchange may take, by kind of call. The Supervisor itself waits up to 10 s for its own locks before it
 * answers a call that needs them.
 */
export const deadlinesMs = { read: 15_000, lockable: 30_000 } as const;

/** @see https://docs.balena.io/reference/supervisor/supervisor-api/ */
export const endpoints = {
  ping: {
    method: 'GET',
    path: '/ping',
    since: '1.0.0',
    key: 'optional', // since 10.3.7 no key is asked for
    effect: 'read',
    deadline: 'read',
    answers: { 200: readWord('OK') },
  },
  device: {
    method: 'GET',
    path: '/v1/device',
    since: '1.6.0',
    key: 'required',
    effect: 'read',
    deadline: 'read',
    answers: { 200: readDevice },
  },
  stateStatus: {
    method: 'GET',
    path: '/v2/state/status',
    since: '9.7.0',
    key: 'required',
    effect: 'read',
    deadline: 'read',
    answers: { 200: readStateStatus },
  },
  version: {
    method: 'GET',
    path: '/v2/version',
    since: '7.21.0',
    key: 'required',
    effect: 'read',
    deadline: 'read',
    answers: { 200: readVersion },
  },
  update: {
    method: 'POST',
    path: '/v1/update',
    since: '1.1.0',
    key: 'required',
    effect: 'write',
    deadline: 'lockable',
    answers: {
      202: readNothing((): UpdateReceipt => ({ outcome: 'accepted' })),
      204: readNothing((): UpdateReceipt => ({ outcome: 'triggered' })),
    },
  },
  reboot: {
    method: 'POST',
    path: '/v1/reboot',
    since: '1.1.0',
    key: 'required',
    effect: 'write',
    deadline: 'lockable',
    answers: { 202: readNothing(() => {}) },
  },
} as const satisfies Record<string, Endpoint<unknown>>;

/** Method and path, as errors name an endpoint. */
export function nameOf(endpoint: Pick<Endpoint<unknown>, 'method' | 'path'>): string {
  return `${endpoint.method} ${endpoint.path}`;
}
