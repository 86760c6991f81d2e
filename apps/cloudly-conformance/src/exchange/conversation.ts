import {
  type AnyEndpointName,
  endpoints,
  endpointUrl,
  JSON_MEDIA_TYPE,
  wakeEndpoint,
} from '@serve.zone/baseos-contracts';
import type { Answer } from './answer.js';
import { httpExchange, type SendAndRead, type WireRequest } from './http-exchange.js';
import { NoAnswer } from './mismatch.js';

export interface OutgoingRequest extends Pick<WireRequest, 'framing'> {
  endpoint: AnyEndpointName;
  /** @default that of the endpoint */
  method?: string;
  /** Sent as a bearer. */
  credential?: string | undefined;
  body?: string | Uint8Array | undefined;
  /** In addition to, or instead of, those that every request has; `undefined` removes one. */
  headers?: Record<string, string | undefined>;
}

/** A request that was answered. */
export interface Exchange {
  request: OutgoingRequest;
  answer: Answer;
}

export interface ConversationOptions {
  /** Cloudly's base URL. */
  url: string;
  /** For one request and its answer. */
  timeoutMs: number;
  wait: (durationMs: number) => Promise<void>;
  /** @default over HTTP */
  sendAndRead?: SendAndRead | undefined;
}

/** All exchanges between the kit and one Cloudly. */
export interface Conversation {
  /**
   * Sends a request, and repeats it if Cloudly says how long it is busy.
   *
   * @throws NoAnswer
   */
  send(this: void, request: OutgoingRequest): Promise<Answer>;
  /** Sends a request that Cloudly may hold, and does not repeat it. */
  hold(this: void, request: OutgoingRequest): HeldRequest;
  exchanges: readonly Exchange[];
}

/** A request that may be held. Abandon it in any case. */
export interface HeldRequest {
  /** Resolves with the answer, or with nothing if there is none by then. */
  answerWithin(this: void, durationMs: number): Promise<Answer | undefined>;
  abandon(this: void): void;
}

/** Longer than any Cloudly may hold one. */
const HELD_MAX_MS = 300_000;

const ATTEMPTS_MAX = 5;
/** It does not wait longer than that: a rule is tried within minutes, or fails. */
const BUSY_WAIT_MAX_SECONDS = 120;

export function createConversation({
  url,
  timeoutMs,
  wait,
  sendAndRead = httpExchange,
}: ConversationOptions): Conversation {
  const exchanges: Exchange[] = [];

  const send = async (request: OutgoingRequest): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await sendAndRead(wireRequest(url, request), timeoutMs);
      if (outcome.kind === 'no-answer') throw new NoAnswer(outcome.reason, outcome.error);
      const { answer } = outcome;
      exchanges.push({ request, answer });
      const busySeconds = busyFor(answer);
      if (busySeconds === undefined || attempt === ATTEMPTS_MAX) return answer;
      await wait(busySeconds * 1000);
    }
  };

  const hold = (request: OutgoingRequest): HeldRequest => {
    const abandoned = new AbortController();
    const outcome = sendAndRead(wireRequest(url, request), HELD_MAX_MS, abandoned.signal).then((reached) => {
      if (reached.kind === 'no-answer') return undefined;
      exchanges.push({ request, answer: reached.answer });
      return reached.answer;
    });
    return {
      answerWithin: (durationMs) => Promise.race([outcome, nothingAfter(durationMs)]),
      abandon: () => abandoned.abort(),
    };
  };

  return { send, hold, exchanges };
}

/** By the time of this machine, whatever time the rules are told. */
function nothingAfter(durationMs: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs, undefined).unref();
  });
}

/** The method that an endpoint accepts. */
export function methodOf(endpoint: AnyEndpointName): string {
  return endpoint === 'wake' ? wakeEndpoint.method : endpoints[endpoint].method;
}

function wireRequest(cloudlyUrl: string, request: OutgoingRequest): WireRequest {
  const { endpoint, method = methodOf(endpoint), credential, body, framing } = request;
  const headers: Record<string, string | undefined> = {
    accept: JSON_MEDIA_TYPE,
    'accept-encoding': 'identity',
    ...(body !== undefined && { 'content-type': JSON_MEDIA_TYPE }),
    ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
    ...request.headers,
  };
  return {
    url: endpointUrl(cloudlyUrl, endpoint),
    method,
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    framing,
  };
}

function busyFor({ status, headers }: Answer): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const retryAfter = headers['retry-after'] ?? '';
  if (!/^\d{1,6}$/.test(retryAfter)) return undefined;
  const seconds = Math.max(1, Number(retryAfter));
  return seconds <= BUSY_WAIT_MAX_SECONDS ? seconds : undefined;
}
