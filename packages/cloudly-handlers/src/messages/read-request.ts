import {
  type HeartbeatRequest,
  parseHeartbeatRequest,
  parseRegisterRequest,
  type ParsedRequest,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';
import { BODY_TIMEOUT_MS, readJsonBody } from './read-json-body.js';
import { webRequest } from './web-request.js';

/**
 * The content of a register request, or the problem to answer with: for your own handlers. The size of the body is
 * limited, and it must not have been read before.
 *
 * @throws Error that says what happened to the body and what to do, if other code has already read it.
 */
export function readRegisterRequest(request: Request): Promise<ParsedRequest<RegisterRequest>> {
  return read(request, parseRegisterRequest);
}

/**
 * The content of a heartbeat, or the problem to answer with. Check its token first: without a valid one, do not read
 * the body.
 */
export function readHeartbeatRequest(request: Request): Promise<ParsedRequest<HeartbeatRequest>> {
  return read(request, parseHeartbeatRequest);
}

async function read<Message>(
  request: Request,
  parse: (body: Uint8Array) => ParsedRequest<Message>,
): Promise<ParsedRequest<Message>> {
  const body = await readJsonBody(webRequest(request), BODY_TIMEOUT_MS);
  return body.ok ? parse(body.bytes) : body;
}
