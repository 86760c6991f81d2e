import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { endpointOf } from '../recordings/endpoint-of.js';
import type { Recording } from '../recordings/recording.js';
import { callEndpoint, replayTimeoutMs, requestAnything } from './client-calls.js';
import { replayTransport } from './replay-transport.js';

/** How a call of the client ended. */
export interface Settled {
  result?: unknown;
  error?: unknown;
}

/** How the client interprets a recording. */
export interface Asked {
  settled: Settled;
  /** The endpoint of the typed call for the request; undefined if `request()` made it. */
  endpoint: ReturnType<typeof endpointOf>;
  /** What the client sent, as `GET /v1/device`. */
  sent: readonly string[];
}

/**
 * Gives the client the recorded outcome in place of a network: by the typed call that stands for the request, or by
 * `request()` where none does, or where it refuses to send what was asked.
 *
 * @param key undefined for a client without one
 */
export async function askClient(recording: Recording, key: string | undefined): Promise<Asked> {
  const { request, outcome } = recording;
  const { fetch, sent } = replayTransport(recording);
  const client = new SupervisorClient({
    address: 'http://supervisor.example',
    ...(key === undefined ? { withoutKey: true } : { apiKey: key }),
    retry: false,
    timeoutMs: outcome.kind === 'answer' ? undefined : replayTimeoutMs,
    fetch,
  });
  const endpoint = endpointOf(request);
  const settled = endpoint && (await settle(callEndpoint(client, endpoint, request)));
  const isRefused = settled?.error instanceof TypeError && sent.length === 0;
  if (settled !== undefined && !isRefused) return { settled, endpoint, sent };
  return { settled: await settle(requestAnything(client, request)), endpoint: undefined, sent };
}

async function settle(call: Promise<unknown>): Promise<Settled> {
  try {
    return { result: await call };
  } catch (error) {
    return { error };
  }
}
