import { type HeartbeatRequest, PROTOCOL_VERSION, type RegisterRequest } from '@serve.zone/baseos-contracts';
import type { Observation } from '../device/device-observer.js';
import { tokenOf } from './credentials.js';
import { heartbeatRequest, type HeartbeatRequestParts } from './heartbeat-request.js';
import { callOf } from './standing.js';
import type { Turn } from './step.js';

/** A call to Cloudly as it would be made now, without what it proves itself by. Nothing in it is secret. */
export type NextRequest =
  /** Its `registrationKey` is `[redacted]`. */
  | { call: 'register'; request: RegisterRequest }
  /** `legacy`: to a Cloudly of before protocol 1, as far as the node knows. */
  | { call: 'heartbeat'; request: HeartbeatRequest; legacy: boolean };

export interface RegisterRequestParts {
  turn: Turn;
  observation: Observation;
  bootId: string;
  registrationKey: string;
}

export function registerRequest({ turn, observation, ...own }: RegisterRequestParts): RegisterRequest {
  return {
    protocol: PROTOCOL_VERSION,
    nodeId: turn.identity.nodeId,
    registrationKey: own.registrationKey,
    bootId: own.bootId,
    status: observation.status,
  };
}

/** The call that is due next; nothing where there is none to make. */
export function nextRequest(parts: Omit<HeartbeatRequestParts, 'isLegacy'>): NextRequest | undefined {
  const { turn } = parts;
  const { state, identity, settings } = turn;
  const call = callOf(state);
  if (call === 'register') {
    return { call, request: registerRequest({ ...parts, registrationKey: '[redacted]' }) };
  }
  const token = tokenOf(state.credential, identity.enrolment, settings.environmentToken);
  if (call === undefined || token === undefined) return undefined;
  const legacy = identity.enrolment?.legacy ?? true;
  return { call, request: heartbeatRequest({ ...parts, isLegacy: legacy }).request, legacy };
}
