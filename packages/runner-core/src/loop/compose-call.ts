import { type HeartbeatRequest, PROTOCOL_VERSION, type RegisterRequest } from '@serve.zone/baseos-contracts';
import { speaksLegacy } from '../legacy/legacy-protocol.js';
import { tokenOf } from './credentials.js';
import { heartbeatRequest, type HeartbeatRequestParts } from './heartbeat-request.js';
import { callOf } from './standing.js';
import type { SentHeartbeat } from './step.js';

/** A call to Cloudly as it would be made now, without its credential. Nothing in it is secret. */
export type NextRequest =
  /** Its `registrationKey` is `[redacted]`. */
  | { call: 'register'; request: RegisterRequest }
  /** `legacy`: to a Cloudly from before protocol 1, as far as the node knows. */
  | { call: 'heartbeat'; request: HeartbeatRequest; legacy: boolean };

/** The same, with what the decision about its outcome needs to know. */
export type ComposedCall =
  | Extract<NextRequest, { call: 'register' }>
  | (Extract<NextRequest, { call: 'heartbeat' }> & Pick<SentHeartbeat, 'carriedStatus' | 'isMinimal'>);

export type ComposeCallParts = Omit<HeartbeatRequestParts, 'isLegacy'>;

/**
 * The call that is due next; nothing where there is none to make. Both what is sent and what is shown come from here.
 */
export function composeCall(parts: ComposeCallParts): ComposedCall | undefined {
  const { state, identity, settings } = parts.turn;
  const call = callOf(state);
  if (call === 'register') return { call, request: registerRequest(parts) };
  const token = tokenOf(state.credential, identity.enrolment, settings.environmentToken);
  if (call === undefined || token === undefined) return undefined;
  const legacy = speaksLegacy(identity.enrolment);
  return { call, legacy, ...heartbeatRequest({ ...parts, isLegacy: legacy }) };
}

/** The part that may be shown. */
export function shownRequest(composed: ComposedCall): NextRequest {
  const { call, request } = composed;
  return call === 'register' ? { call, request } : { call, request, legacy: composed.legacy };
}

function registerRequest({ turn, report, bootId }: ComposeCallParts): RegisterRequest {
  return {
    protocol: PROTOCOL_VERSION,
    nodeId: turn.identity.nodeId,
    // The caller puts the key there when it sends this.
    registrationKey: '[redacted]',
    bootId,
    status: report.status,
  };
}
