import {
  commandSchema,
  isProblemCode,
  JSON_MEDIA_TYPE,
  limits,
  logLevels,
  parseHeartbeatAnswer,
  parseProblem,
  parseRegisterAnswer,
  parseWakeAnswer,
  PROBLEM_MEDIA_TYPE,
  problems,
} from '@serve.zone/baseos-contracts';
import { type Answer, describeAnswer, isObject } from '../exchange/answer.js';
import { commandsIn } from '../exchange/commands-in.js';
import { type Exchange, methodOf } from '../exchange/conversation.js';
import { CannotTry, Mismatch } from '../exchange/mismatch.js';
import type { Rule, Section } from '../rule/rule.js';

/** What an answer should be; `undefined` if it is correct. */
type Judge = (exchange: Exchange) => { expected: string; got: string } | undefined;

/** A rule for all answers of the run that it concerns. */
function every(
  name: string,
  cites: Rule['cites'],
  rule: string,
  concerns: (answer: Answer) => boolean,
  judge: Judge,
): Rule {
  return {
    name,
    cites,
    rule,
    run: ({ exchanges }) => {
      const concerned = exchanges.filter(({ answer }) => concerns(answer));
      if (concerned.length === 0) throw new CannotTry('there was no such answer in this run');
      const faults = concerned.flatMap((exchange) => judge(exchange) ?? []);
      const [first] = faults;
      if (!first) return;
      throw new Mismatch(first.expected, `${first.got}, in ${faults.length} of ${concerned.length} answers`);
    },
  };
}

function any(): boolean {
  return true;
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status <= 299;
}

function isError(answer: Answer): boolean {
  return !isSuccess(answer);
}

function asksToWait({ status }: Answer): boolean {
  return status === 202 || status === 429 || status === 503;
}

function asked({ request: { endpoint, method = methodOf(endpoint) }, answer }: Exchange): string {
  return `${describeAnswer(answer)} to ${method} ${endpoint}`;
}

/** Holds the answer to a predicate. */
function expects(expected: string, holds: (exchange: Exchange) => boolean): Judge {
  return (exchange) => (holds(exchange) ? undefined : { expected, got: asked(exchange) });
}

function hasMediaType({ headers }: Answer, mediaType: string): boolean {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() === mediaType;
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

const cloudlyIdForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const utcInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

const parsers = {
  register: parseRegisterAnswer,
  heartbeat: parseHeartbeatAnswer,
  wake: parseWakeAnswer,
} as const;

/** Whether a node can use it. */
function isReadable({ request: { endpoint }, answer }: Exchange): boolean {
  const { text = '' } = answer;
  if (isError(answer)) return parseProblem(text).ok;
  return parsers[endpoint](text).ok;
}

function isProblemDocument({ status, json }: Answer): boolean {
  const { code, type, title } = json;
  const isOfTable = typeof code === 'string' && isProblemCode(code) && problems[code].status === status;
  return isOfTable && typeof type === 'string' && typeof title === 'string' && json['status'] === status;
}

function isInterval(intervalMs: unknown): boolean {
  return (
    Number.isInteger(intervalMs) &&
    Number(intervalMs) >= limits.heartbeatIntervalMinMs &&
    Number(intervalMs) <= limits.heartbeatIntervalMaxMs
  );
}

function isCommand(command: unknown): boolean {
  if (!isObject(command)) return false;
  const { id, kind, expiresInMs } = command;
  const isUuid = isText(id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i);
  const isDuration = Number.isInteger(expiresInMs) && Number(expiresInMs) >= 0;
  return isUuid && typeof kind === 'string' && isDuration && Number(expiresInMs) <= limits.commandExpiresMaxMs;
}

/** Whether a node can read each command, with all of its members. */
function hasReadableCommands({ answer }: Exchange): boolean {
  return commandsIn(answer.json).every((command) => {
    const result = commandSchema['~standard'].validate(command);
    return !(result instanceof Promise) && !result.issues;
  });
}

function settingsIn({ json }: Answer): Record<string, unknown> | undefined {
  const { desiredState } = json;
  const settings = isObject(desiredState) ? desiredState['settings'] : undefined;
  return isObject(settings) ? settings : undefined;
}

function hasKnownSettings({ answer }: Exchange): boolean {
  const { logLevel, updates } = settingsIn(answer) ?? {};
  return isOneOf(logLevel, logLevels) && isOneOf(updates, ['free', 'gated', 'own']);
}

function isOneOf(value: unknown, words: readonly string[]): boolean {
  return value === undefined || words.some((word) => word === value);
}

function isDesiredState(desiredState: unknown): boolean {
  if (!isObject(desiredState)) return false;
  const { commands = [] } = desiredState;
  return Array.isArray(commands) && commands.length <= limits.commandsMax && commands.every(isCommand);
}

/** The secrets of a request: no answer repeats one. */
function secretsOf({ request: { credential, body } }: Exchange): string[] {
  const key =
    typeof body === 'string' ? /"registrationKey":"(?<key>[\w-]{43})"/.exec(body)?.groups?.['key'] : undefined;
  return [credential, key].filter((secret) => secret !== undefined && secret.length >= 20) as string[];
}

export const everyAnswer: Section = {
  title: 'Every answer of this run',
  rules: [
    every('answers-are-json', ['A-1'], 'a success is application/json', isSuccess, (exchange) =>
      expects(`content-type ${JSON_MEDIA_TYPE}`, ({ answer }) => hasMediaType(answer, JSON_MEDIA_TYPE))(exchange),
    ),
    every(
      'errors-are-problems',
      ['A-2', 'A-12'],
      'anything but a success is application/problem+json (RFC 9457) with type, title, status and a code of the contract',
      isError,
      (exchange) =>
        expects(`content-type ${PROBLEM_MEDIA_TYPE}`, ({ answer }) => hasMediaType(answer, PROBLEM_MEDIA_TYPE))(
          exchange,
        ) ??
        expects('type, title, its own status, and a code that belongs to it', ({ answer }) =>
          isProblemDocument(answer),
        )(exchange),
    ),
    every(
      'carries-protocol',
      ['A-3'],
      'every answer carries protocol: 1',
      any,
      expects('protocol: 1', ({ answer }) => answer.json['protocol'] === 1),
    ),
    every(
      'carries-cloudly-id',
      ['A-4'],
      'every answer carries cloudlyId',
      any,
      expects('a cloudlyId', ({ answer }) => isText(answer.json['cloudlyId'], cloudlyIdForm)),
    ),
    {
      name: 'one-cloudly-id',
      cites: ['A-4'],
      rule: 'cloudlyId is always the same',
      run: ({ exchanges }) => {
        const ids = new Set(exchanges.flatMap(({ answer }) => answer.json['cloudlyId'] ?? []));
        if (ids.size === 0) throw new CannotTry('no answer carried one');
        if (ids.size > 1) throw new Mismatch('one cloudlyId', `${ids.size} of them`);
      },
    },
    every(
      'carries-server-time',
      ['A-5'],
      'every answer carries serverTime, an RFC 3339 instant in UTC',
      any,
      expects('a serverTime such as 2026-11-23T16:00:00.120Z', ({ answer }) => {
        const { serverTime } = answer.json;
        return isText(serverTime, utcInstant) && !Number.isNaN(Date.parse(serverTime));
      }),
    ),
    every(
      'plain-answers',
      ['A-7'],
      'every answer comes without Content-Encoding, as requested',
      any,
      expects('no Content-Encoding', ({ answer }) => /^(identity)?$/i.test(answer.headers['content-encoding'] ?? '')),
    ),
    every(
      'bounded-answers',
      ['A-6'],
      `every answer has at most ${limits.bodyMaxBytes} bytes`,
      any,
      expects(`${limits.bodyMaxBytes} bytes at most`, ({ answer }) => answer.byteCount <= limits.bodyMaxBytes),
    ),
    every(
      'readable-answers',
      ['A-6', 'A-1', 'K-3'],
      'a node can read every answer',
      any,
      expects('an answer that follows the contract', isReadable),
    ),
    every(
      'waits-by-retry-after',
      ['A-8'],
      'if a node has to wait (202, 429, 503), Retry-After says how long',
      asksToWait,
      expects('a Retry-After in seconds or as a date', ({ answer }) => {
        const retryAfter = answer.headers['retry-after'] ?? '';
        return /^\d{1,9}$/.test(retryAfter) || !Number.isNaN(Date.parse(retryAfter));
      }),
    ),
    every(
      'challenges',
      ['A-9'],
      'a 401 asks for a bearer token with WWW-Authenticate',
      ({ status }) => status === 401,
      expects('WWW-Authenticate: Bearer', ({ answer }) => /^bearer\b/i.test(answer.headers['www-authenticate'] ?? '')),
    ),
    every(
      'not-cached',
      ['A-10'],
      'every answer says Cache-Control: no-store',
      any,
      expects('Cache-Control: no-store', ({ answer }) => /\bno-store\b/i.test(answer.headers['cache-control'] ?? '')),
    ),
    every(
      'interval-in-bounds',
      ['W-1'],
      'heartbeatIntervalMs is a whole number from 5 s to 1 h',
      ({ json }) => json['heartbeatIntervalMs'] !== undefined,
      expects('5000 to 3600000', ({ answer }) => isInterval(answer.json['heartbeatIntervalMs'])),
    ),
    every(
      'desired-state-in-bounds',
      ['D-4', 'D-5'],
      `desiredState lists at most ${limits.commandsMax} commands, each with a UUID and due within 7 days`,
      ({ json }) => json['desiredState'] !== undefined,
      expects('a desiredState within its bounds', ({ answer }) => isDesiredState(answer.json['desiredState'])),
    ),
    every(
      'readable-commands',
      ['D-10'],
      'every member of a listed command fits the contract, so that no node drops the command',
      ({ json }) => commandsIn(json).length > 0,
      expects('commands that a node can read', hasReadableCommands),
    ),
    every(
      'known-settings',
      ['D-2'],
      'the settings in a desiredState have words of the contract',
      (answer) => settingsIn(answer) !== undefined,
      expects('a known logLevel and a known updates, where there is one', hasKnownSettings),
    ),
    every(
      'no-secrets-back',
      ['A-11'],
      'no answer repeats a token or key from its request',
      any,
      expects('an answer without the secrets of its request', (exchange) => {
        const { text = '' } = exchange.answer;
        return !secretsOf(exchange).some((secret) => text.includes(secret));
      }),
    ),
  ],
};
