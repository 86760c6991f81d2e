import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { type AnyEndpointName, PROTOCOL_VERSION } from '../protocol/endpoints.js';
import { limits } from '../protocol/limits.js';
import {
  answerEntries,
  anyText,
  count,
  type KnownKeys,
  nodeIdSchema,
  openEnum,
  type OpenEnum,
  sentAlways,
  text,
} from '../schema/schema-parts.js';
import { tolerantList } from '../schema/tolerant-list.js';

interface ProblemDefinition {
  /** The HTTP status of the answer. */
  status: number;
  /** The same words for every occurrence (RFC 9457, 3.1.3). */
  title: string;
  /** What the operator of the node or of Cloudly can do. */
  remedy: string;
  /** The endpoints that return it. */
  endpoints: readonly AnyEndpointName[];
}

const any = ['register', 'heartbeat', 'wake'] as const;
const either = ['register', 'heartbeat'] as const;
const registerAlone = ['register'] as const;
const byNodeToken = ['heartbeat', 'wake'] as const;

/** Every error of the contract, in the words that connector, handlers, CLI and pages share. */
export const problems = {
  'malformed-request': {
    status: 400,
    title: 'The request does not follow the contract',
    remedy: 'Compare the versions of BaseRunner and Cloudly. `issues` lists each place and the rule that it breaks.',
    endpoints: either,
  },
  'join-token-missing': {
    status: 401,
    title: 'No join token was sent',
    remedy: 'Create a join token in Cloudly and set it on the device as BASEOS_JOIN_TOKEN.',
    endpoints: registerAlone,
  },
  'join-token-unknown': {
    status: 401,
    title: 'Cloudly does not recognise this join token',
    remedy:
      'Check BASEOS_JOIN_TOKEN for typos, and make sure that BASEOS_CLOUDLY_URL leads to the right Cloudly. Otherwise create a new join token.',
    endpoints: registerAlone,
  },
  'join-token-expired': {
    status: 401,
    title: 'The join token has expired',
    remedy: 'Create a new join token in Cloudly and set it on the device as BASEOS_JOIN_TOKEN.',
    endpoints: registerAlone,
  },
  'join-token-used': {
    status: 401,
    title: 'The join token has been used up',
    remedy: 'Create a new join token in Cloudly, with as many uses as there are devices to enrol.',
    endpoints: registerAlone,
  },
  'join-token-revoked': {
    status: 401,
    title: 'The join token was revoked',
    remedy: 'Create a new join token in Cloudly and set it on the device as BASEOS_JOIN_TOKEN.',
    endpoints: registerAlone,
  },
  'node-token-unknown': {
    status: 401,
    title: 'Cloudly does not recognise this node token for this node',
    remedy:
      'No action is needed at first: the node tries its other tokens and then registers again. If it stays offline, check its join token.',
    endpoints: byNodeToken,
  },
  'not-found': {
    status: 404,
    title: 'There is no such endpoint',
    remedy: 'Check the path of BASEOS_CLOUDLY_URL.',
    endpoints: any,
  },
  'method-not-allowed': {
    status: 405,
    title: 'The endpoint does not accept this method',
    remedy: 'Send the request with the method that the header Allow names.',
    endpoints: any,
  },
  'node-id-taken': {
    status: 409,
    title: 'Another node already uses this node ID',
    remedy: 'Give the device a different node ID. If the device replaces the other one, allow a rebind in Cloudly.',
    endpoints: registerAlone,
  },
  'clone-suspected': {
    status: 409,
    title: 'Two devices use the same identity',
    remedy:
      'Choose in Cloudly which device keeps the identity. The other device must be reset and enrolled as a new node.',
    endpoints: registerAlone,
  },
  'node-revoked': {
    status: 410,
    title: 'The node was revoked',
    remedy: 'Lift the revocation in Cloudly, or reset the identity of the device and enrol it as a new node.',
    endpoints: any,
  },
  'payload-too-large': {
    status: 413,
    title: 'The request is too large',
    remedy:
      'The node continues without status and results. Check the device for an unusual number of services or results.',
    endpoints: either,
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The request is not plain JSON',
    remedy: 'Send application/json in UTF-8 without Content-Encoding. Check for a proxy that changes requests.',
    endpoints: either,
  },
  'unsupported-protocol': {
    status: 422,
    title: 'Cloudly does not support this version of the protocol',
    remedy:
      'Update BaseRunner or Cloudly, so that both support the same version of the protocol. `supported` lists the versions of Cloudly.',
    endpoints: either,
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    remedy: 'No action is needed. The node retries after the time given in Retry-After.',
    endpoints: any,
  },
  unavailable: {
    status: 503,
    title: 'Cloudly cannot answer at present',
    remedy: 'No action is needed on the device; it retries. If the problem persists, check the Cloudly server.',
    endpoints: any,
  },
} as const satisfies Record<string, ProblemDefinition>;

export type ProblemCode = keyof typeof problems;

/** One broken rule: where (`status.host.cpuCount`, empty for the whole) and which. Never the received value. */
export interface Issue {
  path: string;
  rule: string;
}

/** An RFC 9457 problem document with this contract's members. */
export interface Problem {
  /** A tag URI (RFC 4151) that ends in the code. */
  type: string;
  title: string;
  status: number;
  /** What happened in this case, for a person. */
  detail?: string | undefined;
  code: OpenEnum<ProblemCode>;
  protocol: number;
  cloudlyId: string;
  /** Cloudly's clock, as an RFC 3339 instant in UTC. */
  serverTime: string;
  issues?: Issue[] | undefined;
  /** The node that a verdict is about. */
  nodeId?: string | undefined;
  /** With `unsupported-protocol`: the versions that Cloudly supports. */
  supported?: number[] | undefined;
}

/** The details of one occurrence of a problem. */
export type ProblemOccurrence = Pick<Problem, 'detail' | 'issues' | 'nodeId' | 'supported'>;

/** A problem without the Cloudly that reports it. */
export interface JudgedProblem extends ProblemOccurrence {
  code: ProblemCode;
}

/**
 * The document for an occurrence of a problem of the table, from the Cloudly that `issuer` names.
 *
 * @throws TypeError for a code that is not in the table.
 */
export function problemDocument(judged: JudgedProblem, issuer: Pick<Problem, 'cloudlyId' | 'serverTime'>): Problem {
  const { code, ...occurrence } = judged;
  const { title, status } = knownProblem(code);
  return {
    type: `tag:serve.zone,2026:baseos:problem:${code}`,
    title,
    status,
    code,
    protocol: PROTOCOL_VERSION,
    cloudlyId: issuer.cloudlyId,
    serverTime: issuer.serverTime,
    ...occurrence,
  };
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

/** @throws TypeError for a code that is not in the table. */
export function knownProblem(code: ProblemCode): ProblemDefinition {
  if (isProblemCode(code)) return problems[code];
  throw new TypeError('There is no problem with this code: problems lists all codes');
}

/**
 * An RFC 9457 problem document with this contract's members. A node also reads one whose code only a newer Cloudly
 * knows, and requires only the members that a verdict needs.
 */
export const problemSchema = openObject({
  /** A tag URI (RFC 4151) that ends in the code. */
  type: sentAlways(v.optional(anyText)),
  /** The same words for every occurrence of the code. */
  title: sentAlways(v.optional(anyText, '')),
  /** The HTTP status of the answer. */
  status: sentAlways(v.optional(count)),
  /** What happened in this case, for a person. */
  detail: v.optional(anyText),
  /** Which problem it is. */
  code: openEnum(Object.keys(problems) as ProblemCode[]),
  ...answerEntries,
  /** With `malformed-request`: each place and the rule that it breaks, never the received value. */
  issues: v.optional(
    tolerantList(
      openObject({
        /** The place, such as `status.host.cpuCount`; empty for the whole message. */
        path: anyText,
        /** The rule that the value breaks, such as `required`. */
        rule: text,
      }),
      limits.issuesMax,
    ),
  ),
  /** The node that a verdict is about. */
  nodeId: v.optional(nodeIdSchema),
  /** With `unsupported-protocol`: the versions that Cloudly supports. */
  supported: v.optional(tolerantList(count)),
});

/** A problem document as {@link parseProblem} reads it. */
export type ReceivedProblem = KnownKeys<v.InferOutput<typeof problemSchema>>;
