import { inspect } from 'node:util';
import { isSupervisorError, type SupervisorError } from '@serve.zone/balena-supervisor-client';
import { routeOf, type RecordedRequest, type Recording } from '../recordings/recording.js';
import type { Verdict } from '../recordings/verdict.js';
import { askClient, type Settled } from './ask-client.js';
import { expectationOf, type Expectation } from './expectation-of.js';

/**
 * Whether the client interprets the recorded outcome correctly, with the typed call for the request, or with
 * `request()` if there is none.
 */
export async function checkClient(recording: Recording): Promise<Verdict> {
  const { request } = recording;
  const key = keyIn(request);
  const { settled, endpoint, sent } = await askClient(recording, key);
  const expectation = expectationOf(recording, endpoint);
  const problem =
    (endpoint === undefined ? undefined : problemOfRequest(request, sent)) ??
    problemOf(expectation, settled) ??
    problemOfSecrecy(settled.error, key);
  if (problem !== undefined) return { matched: false, why: problem };
  return { matched: true, how: endpoint === undefined ? 'by request()' : `by the call for ${endpoint.name}` };
}

function problemOfRequest(request: RecordedRequest, sent: readonly string[]): string | undefined {
  const expected = `${request.method} ${routeOf(request)}`;
  const isSame = sent.length === 1 && sent[0]?.toLowerCase() === expected.toLowerCase();
  return isSame ? undefined : `expected one request ${expected}, got ${sent.join(', ') || 'none'}`;
}

function problemOf(expectation: Expectation, { result, error }: Settled): string | undefined {
  if (error !== undefined && !isSupervisorError(error))
    return `expected ${describeExpectation(expectation)}, got ${inspect(error)}`;
  if (expectation.kind === 'error') {
    if (error === undefined) return `expected ${describeExpectation(expectation)}, got ${JSON.stringify(result)}`;
    const wrong = Object.entries(expectation.error).find(
      ([name, value]) => error[name as keyof SupervisorError] !== value,
    );
    return wrong && `expected ${describeExpectation(expectation)}, got ${describeError(error)}`;
  }
  if (error !== undefined) return `expected ${describeExpectation(expectation)}, got ${describeError(error)}`;
  return expectation.accepts(result)
    ? undefined
    : `expected ${describeExpectation(expectation)}, got ${JSON.stringify(result)}`;
}

function problemOfSecrecy(error: unknown, key: string | undefined): string | undefined {
  const isTold = error !== undefined && key !== undefined && inspect(error).includes(key);
  return isTold ? 'expected an error without the key, got one that shows it' : undefined;
}

function describeExpectation(expectation: Expectation): string {
  return expectation.kind === 'error' ? `the error ${JSON.stringify(expectation.error)}` : expectation.told;
}

function describeError({ code, status, lock, retryable, message }: SupervisorError): string {
  return `the error ${JSON.stringify({ code, status, lock, retryable })}: ${message}`;
}

/** The key a recorded request showed, if the client can show it. */
function keyIn({ path, headers }: RecordedRequest): string | undefined {
  const ofHeader = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  const key = new URLSearchParams(path.split('?')[1]).get('apikey') ?? ofHeader?.split(' ').at(-1);
  return key != null && /^\w+$/.test(key) ? key : undefined;
}
