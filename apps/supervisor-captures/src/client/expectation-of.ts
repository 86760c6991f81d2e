import { isDeepStrictEqual } from 'node:util';
import type { EndpointName } from '../recordings/endpoint-of.js';
import { jsonBodyOf, type RecordedAnswer, type RecordedRequest, type Recording } from '../recordings/recording.js';
import { expectedError, type ExpectedError } from './expected-error.js';
import { expectedJournal, expectedLocalLogs } from './expected-lines.js';
import { expectedResult } from './expected-results.js';

/** How the client must interpret a recording. */
export type Expectation =
  | { kind: 'error'; error: ExpectedError }
  | { kind: 'result'; told: string; accepts: (result: unknown) => boolean };

/** @param endpoint that of the typed call; without one, what `request()` has to make of it */
export function expectationOf(
  recording: Recording,
  endpoint: { name: EndpointName; appId: number } | undefined,
): Expectation {
  const { outcome, request } = recording;
  const isVerdict = endpoint?.name === 'healthy' && outcome.kind === 'answer' && outcome.body === 'Unhealthy';
  const error = isVerdict ? undefined : expectedError(outcome, request);
  if (error !== undefined) return { kind: 'error', error };
  // An exchange without an answer always means an error.
  const answer = outcome as RecordedAnswer;
  if (endpoint === undefined) return exactly(textOf(answer));
  try {
    return expectationOfCall(endpoint, answer, request);
  } catch (problem) {
    return nothing(endpoint.name, problem);
  }
}

function expectationOfCall(
  endpoint: { name: EndpointName; appId: number },
  answer: RecordedAnswer,
  request: RecordedRequest,
): Expectation {
  if (endpoint.name === 'journalLogs') {
    const { format } = (jsonBodyOf(request) ?? {}) as { format?: unknown };
    return lines(expectedJournal(answer, format), answer);
  }
  if (endpoint.name === 'localLogs') return lines(expectedLocalLogs(answer), answer);
  // Truncated JSON is not JSON: the client can only report that.
  if (answer.isCut) return { kind: 'error', error: { code: 'unexpected-response', status: answer.status } };
  return exactly(expectedResult(endpoint.name, answer, endpoint.appId));
}

/** Of a success that does not hold what the call tells, no client can make that. */
function nothing(name: EndpointName, problem: unknown): Expectation {
  const reason = problem instanceof Error ? problem.message : String(problem);
  return {
    kind: 'result',
    told: `a result of ${name}, which the recorded answer does not hold (${reason})`,
    accepts: () => false,
  };
}

function exactly(expected: unknown): Expectation {
  return {
    kind: 'result',
    told: JSON.stringify(expected) ?? 'nothing',
    accepts: (result) => isDeepStrictEqual(result, expected),
  };
}

/** Each line that was recorded whole; of a stream that was cut, one more that was not. */
function lines(expected: readonly unknown[], { isCut }: RecordedAnswer): Expectation {
  return {
    kind: 'result',
    told: `the lines ${JSON.stringify(expected)}`,
    accepts: (result) =>
      Array.isArray(result) &&
      isDeepStrictEqual(result.slice(0, expected.length), expected) &&
      result.length <= expected.length + (isCut ? 1 : 0),
  };
}

function textOf({ status, contentType, body }: RecordedAnswer): unknown {
  return { status, ...(contentType !== undefined && { contentType }), text: body };
}
