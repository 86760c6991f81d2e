import { bearerOf, changed, endpointOf } from '../alteration.js';
import { altering } from './altering.js';
import type { Fault } from './fault.js';

type Json = Record<string, unknown>;

/** Says something else, or the same otherwise, in the answers that it concerns. */
function saying(
  name: string,
  breaks: string[],
  change: (json: Json) => Json,
  concerns: (response: Response) => boolean = () => true,
): Fault {
  return altering(name, breaks, concerns, (response) => changed(response, change));
}

function labelled(
  name: string,
  breaks: string[],
  header: [name: string, value: string],
  concerns: (response: Response) => boolean = () => true,
): Fault {
  return altering(name, breaks, concerns, (response) => {
    response.headers.set(...header);
    return response;
  });
}

function isSuccess({ ok }: Response): boolean {
  return ok;
}

function isError({ ok }: Response): boolean {
  return !ok;
}

/** Cloudlys whose answers are not in the form of the contract. */
export const answerFaults: Fault[] = [
  labelled('says that its answers are text', ['answers-are-json'], ['content-type', 'text/json'], isSuccess),
  labelled(
    'says that its problems are plain JSON',
    ['errors-are-problems'],
    ['content-type', 'application/json'],
    isError,
  ),
  saying('omits the title from its problems', ['errors-are-problems'], ({ title: _left, ...json }) => json, isError),
  saying(
    'gives a status in a problem that differs from the response',
    ['errors-are-problems'],
    (json) => ({ ...json, status: 499 }),
    isError,
  ),
  labelled(
    'asks for Basic credentials',
    ['challenges'],
    ['www-authenticate', 'Basic realm="baseos"'],
    ({ status }) => status === 401,
  ),
  labelled('lets its answers be cached', ['not-cached'], ['cache-control', 'private']),
  saying(
    'omits the protocol from its answers',
    ['carries-protocol', 'readable-answers'],
    ({ protocol: _left, ...json }) => json,
  ),
  saying(
    'answers without cloudlyId',
    ['carries-cloudly-id', 'readable-answers'],
    ({ cloudlyId: _left, ...json }) => json,
    isError,
  ),
  saying('uses a new cloudlyId for every answer', ['one-cloudly-id'], (json) => ({
    ...json,
    cloudlyId: crypto.randomUUID(),
  })),
  saying('answers without serverTime', ['carries-server-time'], ({ serverTime: _left, ...json }) => json),
  saying('gives its time with an offset', ['carries-server-time'], (json) => ({
    ...json,
    serverTime: '2026-11-23T17:00:00+01:00',
  })),
  saying('gives its time as a number', ['carries-server-time'], (json) => ({ ...json, serverTime: Date.now() })),
  labelled('says that its answers are encoded', ['plain-answers'], ['content-encoding', 'x-conformance']),
  saying(
    'sends very long answers',
    ['bounded-answers'],
    (json) => ({ ...json, padding: 'x'.repeat(256 * 1024) }),
    ({ status }) => status === 405,
  ),
  saying('answers with a lone surrogate', ['readable-answers'], (json) => ({ ...json, note: '\ud800' }), isError),
  saying(
    'gives the heartbeat interval in seconds',
    ['interval-in-bounds'],
    (json) => ({ ...json, heartbeatIntervalMs: 60 }),
    isSuccess,
  ),
  saying(
    'gives a fractional heartbeat interval',
    ['interval-in-bounds'],
    (json) => ({ ...json, heartbeatIntervalMs: 5000.5 }),
    isSuccess,
  ),
  saying(
    'gives a command a month',
    ['desired-state-in-bounds', 'command-runs-out', 'readable-commands'],
    (json) => {
      const { desiredState } = json;
      if (desiredState === undefined) return json;
      const expiresInMs = 30 * 24 * 3_600_000;
      return { ...json, desiredState: withCommandMembers(desiredState, { expiresInMs }) };
    },
    isSuccess,
  ),
  saying(
    'lists commands with a time-out that no node can read',
    ['readable-commands'],
    (json) => {
      const { desiredState } = json;
      return desiredState === undefined
        ? json
        : { ...json, desiredState: withCommandMembers(desiredState, { timeoutMs: 0 }) };
    },
    isSuccess,
  ),
  saying(
    'gives a log level that the contract does not have',
    ['known-settings'],
    (json) => {
      const { desiredState } = json;
      const { settings } = (desiredState ?? {}) as { settings?: object };
      if (settings === undefined) return json;
      return { ...json, desiredState: { ...(desiredState as object), settings: { ...settings, logLevel: 'loud' } } };
    },
    isSuccess,
  ),
  {
    name: 'repeats an unknown token',
    breaks: ['no-secrets-back', 'issues-without-values'],
    alter: (next) => async (request) => {
      const response = await next(request);
      const detail = `There is no ${endpointOf(request)} for ${bearerOf(request)}`;
      return response.status === 401 ? changed(response, (json) => ({ ...json, detail })) : response;
    },
  },
];

function withCommandMembers(desiredState: unknown, members: object): object {
  const { commands, ...rest } = desiredState as { commands: object[] };
  return { ...rest, commands: commands.map((command) => Object.assign(command, members)) };
}
