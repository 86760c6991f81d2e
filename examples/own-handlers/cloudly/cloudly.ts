import {
  approvalCode,
  bearerOf,
  type ByteStream,
  type EndpointName,
  endpoints,
  JSON_MEDIA_TYPE,
  parseHeartbeatRequest,
  parseRegisterRequest,
  problemDocument,
  problemHeaders,
  problems,
  PROTOCOL_VERSION,
  readBoundedBody,
  type WholeRequest,
} from '@serve.zone/baseos-contracts';
import { createFleet } from './fleet.ts';
import { judgeHeartbeat } from './heartbeat.ts';
import { findNodeByToken } from './node-tokens.ts';
import { createOperator, type Operator } from './operator.ts';
import { UNAVAILABLE_RETRY_AFTER_MS } from './pace.ts';
import { judgeRegister } from './register.ts';
import { hashOf } from './token.ts';
import { refuse, type Verdict } from './verdict.ts';

/** A request of a server before its body is read. */
export interface ServerRequest {
  method: string | undefined;
  /** All values, as in Node's `headersDistinct`: `headers` hides repeated ones. */
  headers: Readonly<Record<string, string[] | undefined>>;
  body: ByteStream;
}

export interface ServerAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Cloudly {
  /** Never rejects. Without an endpoint, the answer is that there is none. */
  answer(this: void, endpoint: EndpointName | undefined, request: ServerRequest): Promise<ServerAnswer>;
  operator: Operator;
}

/** A Cloudly in memory: its data is lost when its process ends. */
export function createCloudly(): Cloudly {
  const fleet = createFleet();

  const register = async (request: ServerRequest): Promise<Verdict> => {
    const parsed = parseRegisterRequest(await received(request));
    if (!parsed.ok) return parsed;
    const message = parsed.value;
    const code = await approvalCode(message.registrationKey);
    return judgeRegister(fleet, { message, approvalCode: code, joinToken: bearerOf(request.headers) }, Date.now());
  };

  const heartbeat = async (request: ServerRequest): Promise<Verdict> => {
    const token = bearerOf(request.headers);
    const tokenHash = token === undefined ? undefined : hashOf(token);
    // Before the body is read (H-2), because a sender without a token must not cost more. And again after it, because
    // the body takes time to arrive.
    if (tokenHash === undefined || !findNodeByToken(fleet, tokenHash)) return refuse('node-token-unknown');
    const parsed = parseHeartbeatRequest(await received(request));
    return parsed.ok ? judgeHeartbeat(fleet, parsed.value, tokenHash, Date.now()) : parsed;
  };

  const judge = async (endpoint: EndpointName | undefined, request: ServerRequest): Promise<Verdict> => {
    if (!endpoint) return refuse('not-found');
    // With or without a token: devices use it to check whether a Cloudly is there (F-2).
    if (request.method !== endpoints[endpoint].method) return refuse('method-not-allowed');
    return endpoint === 'register' ? register(request) : heartbeat(request);
  };

  return {
    operator: createOperator(fleet),
    answer: async (endpoint, request) => {
      const verdict = await judge(endpoint, request).catch((error: unknown) => {
        console.error(error);
        return { ...refuse('unavailable'), retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS };
      });
      return write(verdict, fleet.cloudlyId, 'authorization' in request.headers);
    },
  };
}

/** A request with its body, up to the limit of the contract. */
async function received({ method, headers, body }: ServerRequest): Promise<WholeRequest> {
  const bytes = await readBoundedBody(body).catch((error: unknown) => {
    if (error instanceof TypeError) throw error;
    // The sender has closed the connection, so it makes no difference what the answer says.
    return undefined;
  });
  return { method, headers, body: bytes };
}

function write(verdict: Verdict, cloudlyId: string, hadCredential: boolean): ServerAnswer {
  const issuer = { cloudlyId, serverTime: new Date().toISOString() };
  const { retryAfterMs } = verdict;
  if ('problem' in verdict) {
    const { code } = verdict.problem;
    return {
      status: problems[code].status,
      headers: problemHeaders(code, { retryAfterMs, hadCredential }),
      body: JSON.stringify(problemDocument(verdict.problem, issuer)),
    };
  }
  return {
    status: verdict.status,
    headers: {
      'content-type': JSON_MEDIA_TYPE,
      'cache-control': 'no-store',
      ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
    body: JSON.stringify({ protocol: PROTOCOL_VERSION, ...issuer, ...verdict.body }),
  };
}
