import { inspect } from 'node:util';
import { isSupervisorError } from '@serve.zone/balena-supervisor-client';
import { askClient, type Settled } from '../client/ask-client.js';
import { endpointOf } from '../recordings/endpoint-of.js';
import { routeOf } from '../recordings/recording.js';
import type { Verdict } from '../recordings/verdict.js';
import { readEraCall } from './era-calls.js';
import type { EraRecording } from './era-recording.js';

/**
 * Whether the client interprets the answer as expected, with the call for the method and path of the recording. A call
 * with an unknown name is still made, and the verdict says so.
 */
export async function checkEra(recording: EraRecording): Promise<Verdict> {
  const { request, call, expected } = recording;
  const { endpoint, isKeyless } = readEraCall(call);
  const asked = `${request.method} ${routeOf(request)}`;
  const found = endpointOf(request);
  if (found === undefined)
    return { matched: false, why: `the client has no call for ${asked}, which ${call} asks for` };
  if (endpoint !== undefined && endpoint !== found.name) {
    return { matched: false, why: `the call ${call} does not ask for ${asked}` };
  }
  if (!isOutcome(expected)) {
    return {
      matched: false,
      why: `${JSON.stringify(expected)} is not a known expectation; known are ok, ${codes.join(', ')}`,
    };
  }
  const { settled } = await askClient(recording, isKeyless ? undefined : key);
  const got = outcomeOf(settled);
  if (got !== expected) return { matched: false, why: `expected ${expected}, got ${got}${detailsOf(settled)}` };
  if (inspect(settled.error).includes(key)) {
    return { matched: false, why: 'expected an error without the key, got one that shows it' };
  }
  return {
    matched: true,
    how: `${expected} by the call for ${found.name}`,
    ...(endpoint === undefined && { remark: `the call ${call} is unknown, so the call for ${asked} was made` }),
  };
}

const key = '5e9d1c0b7a4f48d2a3e6b8c9d0f1a2b3';

const codes = [
  'not-configured',
  'api-key-missing',
  'api-key-invalid',
  'unreachable',
  'timeout',
  'unauthorized',
  'out-of-scope',
  'locked:user-lock',
  'locked:supervisor-busy',
  'locked:host-update',
  'bad-request',
  'not-found',
  'not-supported',
  'supervisor-error',
  'unexpected-response',
];

function isOutcome(expected: string): boolean {
  return expected === 'ok' || codes.includes(expected);
}

/** How a call ended, in the words of the file. */
function outcomeOf({ error }: Settled): string {
  if (error === undefined) return 'ok';
  if (!isSupervisorError(error)) return 'a failure of the client itself';
  return error.lock === undefined ? error.code : `${error.code}:${error.lock}`;
}

function detailsOf({ result, error }: Settled): string {
  if (error === undefined) return `: ${JSON.stringify(result) ?? 'nothing'}`;
  return `: ${isSupervisorError(error) ? error.message : inspect(error)}`;
}
