import {
  type HeartbeatRequest,
  parseHeartbeatRequest,
  parseRegisterRequest,
  type ParsedRequest,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';
import { BODY_TIMEOUT_MS, readJsonBody } from './read-json-body.js';

/**
 * What a request to register says, or the problem to answer with: for a handler of one's own. Its body is bounded while it
 * is read, and must not have been read before.
 *
 * @throws Error that says what became of the body, and what to do, where something has read it before.
 */
export function readRegisterRequest(request: Request): Promise<ParsedRequest<RegisterRequest>> {
  return read(request, parseRegisterRequest);
}

/** What a heartbeat says, or the problem to answer with. Check its token first: without a valid one, the body is not worth reading. */
export function readHeartbeatRequest(request: Request): Promise<ParsedRequest<HeartbeatRequest>> {
  return read(request, parseHeartbeatRequest);
}

async function read<Message>(
  request: Request,
  parse: (body: Uint8Array) => ParsedRequest<Message>,
): Promise<ParsedRequest<Message>> {
  const body = await readJsonBody(request, BODY_TIMEOUT_MS);
  return body.ok ? parse(body.bytes) : body;
}
