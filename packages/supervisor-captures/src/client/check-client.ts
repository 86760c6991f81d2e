import { inspect } from 'node:util';
import { isSupervisorError, SupervisorClient, type SupervisorError } from '@serve.zone/balena-supervisor-client';
import { endpointOf } from '../endpoint-of.js';
import { routeOf, type RecordedRequest, type Recording } from '../recording.js';
import type { Verdict } from '../verdict.js';
import { callEndpoint, replayTimeoutMs, requestAnything } from './client-calls.js';
import { expectationOf, type Expectation } from './expectation-of.js';
import { replayTransport } from './replay-transport.js';

/**
 * Whether the client makes of the recorded outcome what it means, by the typed call that stands for the request, or by
 * `request()` where none does.
 */
export async function checkClient(recording: Recording): Promise<Verdict> {
  const { request } = recording;
  const transport = replayTransport(recording);
  const key = keyIn(request);
  const client = new SupervisorClient({
    address: 'http://supervisor.example',
    ...(key === undefined ? { withoutKey: true } : { apiKey: key }),
    retry: false,
    timeoutMs: recording.outcome.kind === 'answer' ? undefined : replayTimeoutMs,
    fetch: transport.fetch,
  });
  const endpoint = endpointOf(request);
  const typed = endpoint && (await settle(callEndpoint(client, endpoint, request)));
  const isRefused = typed?.error instanceof TypeError && transport.sent.length === 0;
  const isTyped = typed !== undefined && !isRefused;
  const settled = isTyped ? typed : await settle(requestAnything(client, request));
  const expectation = expectationOf(recording, isTyped ? endpoint : undefined);
  const problem =
    (isTyped ? problemOfRequest(request, transport.sent) : undefined) ??
    problemOf(expectation, settled) ??
    problemOfSecrecy(settled.error, key);
  if (problem !== undefined) return { matched: false, why: problem };
  return { matched: true, how: isTyped ? `by the call for ${endpoint?.name}` : 'by request()' };
}

interface Settled {
  readonly result?: unknown;
  readonly error?: unknown;
}

async function settle(call: Promise<unknown>): Promise<Settled> {
  try {
    return { result: await call };
  } catch (error) {
    return { error };
  }
}

function problemOfRequest(request: RecordedRequest, sent: readonly string[]): string | undefined {
  const expected = `${request.method} ${routeOf(request)}`;
  const isSame = sent.length === 1 && sent[0]?.toLowerCase() === expected.toLowerCase();
  return isSame ? undefined : `expected one request ${expected}, got ${sent.join(', ') || 'none'}`;
}

function problemOf(expectation: Expectation, { result, error }: Settled): string | undefined {
  if (error !== undefined && !isSupervisorError(error)) return `expected ${tell(expectation)}, got ${inspect(error)}`;
  if (expectation.kind === 'error') {
    if (error === undefined) return `expected ${tell(expectation)}, got ${JSON.stringify(result)}`;
    const wrong = Object.entries(expectation.error).find(
      ([name, value]) => error[name as keyof SupervisorError] !== value,
    );
    return wrong && `expected ${tell(expectation)}, got ${tellError(error)}`;
  }
  if (error !== undefined) return `expected ${tell(expectation)}, got ${tellError(error)}`;
  return expectation.accepts(result) ? undefined : `expected ${tell(expectation)}, got ${JSON.stringify(result)}`;
}

function problemOfSecrecy(error: unknown, key: string | undefined): string | undefined {
  const isTold = error !== undefined && key !== undefined && inspect(error).includes(key);
  return isTold ? 'expected an error without the key, got one that shows it' : undefined;
}

function tell(expectation: Expectation): string {
  return expectation.kind === 'error' ? `the error ${JSON.stringify(expectation.error)}` : expectation.told;
}

function tellError({ code, status, lock, retryable, message }: SupervisorError): string {
  return `the error ${JSON.stringify({ code, status, lock, retryable })}: ${message}`;
}

/** The key a recorded request showed, if the client can show it. */
function keyIn({ path, headers }: RecordedRequest): string | undefined {
  const ofHeader = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  const key = new URLSearchParams(path.split('?')[1]).get('apikey') ?? ofHeader?.split(' ').at(-1);
  return key != null && /^\w+$/.test(key) ? key : undefined;
}
