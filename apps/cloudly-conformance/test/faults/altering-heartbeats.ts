import { changed, endpointOf, messageOf, problem } from '../alteration.js';
import { altering } from './altering.js';
import type { Fault } from './fault.js';

export function isHeartbeat(request: Request): boolean {
  return endpointOf(request) === 'heartbeat';
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Rejects heartbeats by their content. */
export function refusing(
  name: string,
  breaks: string[],
  isRefused: (message: Record<string, unknown>) => boolean,
): Fault {
  return {
    name,
    breaks,
    alter: (next) => async (request) =>
      isHeartbeat(request) && isRefused(await messageOf(request)) ? problem('malformed-request') : next(request),
  };
}

/** Answers heartbeats otherwise. */
export function answering(
  name: string,
  breaks: string[],
  change: (json: Record<string, unknown>) => Record<string, unknown>,
): Fault {
  return altering(
    name,
    breaks,
    (response, request) => isHeartbeat(request) && response.ok,
    (response) => changed(response, change),
  );
}
