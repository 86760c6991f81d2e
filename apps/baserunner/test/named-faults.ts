import { type JudgedProblem, problemDocument } from '@serve.zone/baseos-contracts';
import {
  anotherProtocol,
  badGatewayPage,
  bare,
  captivePortal,
  closeWithinBody,
  endlessBody,
  endlessHeaders,
  endlessInterimAnswers,
  type Fault,
  gzipBomb,
  headless,
  json,
  latin1,
  proxyLogin,
  redirectTo,
  reset,
  resetWithinBody,
  switchingProtocols,
  tenGigabytes,
  tlsAlert,
} from '@serve.zone/baseos-testing/network/socket-faults';

export interface NamedFault {
  fault: Fault;
  /** What the agent makes of it, and in which words it says so. */
  code: 'unreachable' | 'timeout' | 'not-cloudly' | 'another-cloudly' | 'unavailable' | 'rate-limited';
  words: RegExp;
}

const anotherCloudly = {
  protocol: 1,
  cloudlyId: 'another-cloudly-entirely',
  serverTime: '2026-11-23T16:00:00Z',
} as const;

function judgedElsewhere(problem: JudgedProblem, status: string): Fault {
  return json(JSON.stringify(problemDocument(problem, anotherCloudly)), status, 'application/problem+json');
}

const cannotBe = /did not come from this node's Cloudly/;

/** Replies that replace an answer and end at once. Those of another Cloudly are for a node that already has one. */
export const faultsBeforeEnrolment = {
  'a connection that is reset': { fault: reset, code: 'unreachable', words: /the connection broke \(ECONNRESET\)/ },
  'a reset in the middle of the body': { fault: resetWithinBody, code: 'unreachable', words: /ECONNRESET/ },
  'half a body': { fault: closeWithinBody, code: 'unreachable', words: /ECONNRESET/ },
  'an endless body': { fault: endlessBody, code: 'not-cloudly', words: /more than 262144 bytes/ },
  'a body of 10 GB': { fault: tenGigabytes, code: 'not-cloudly', words: /more than 262144 bytes/ },
  'a compressed bomb': { fault: gzipBomb, code: 'not-cloudly', words: /Content-Encoding/ },
  'endless headers': { fault: endlessHeaders, code: 'unreachable', words: /HPE_HEADER_OVERFLOW/ },
  'endless 1xx answers': { fault: endlessInterimAnswers, code: 'unreachable', words: /interim answer/ },
  'a switch to another protocol': { fault: switchingProtocols, code: 'unreachable', words: /./ },
  'another protocol': { fault: anotherProtocol, code: 'unreachable', words: /it does not speak HTTP/ },
  'a page without an HTTP header': { fault: headless, code: 'unreachable', words: /it does not speak HTTP/ },
  'TLS on a plain port': { fault: tlsAlert, code: 'unreachable', words: /it does not speak HTTP/ },
  'a captive portal': { fault: captivePortal, code: 'not-cloudly', words: /an HTML page with status 200/ },
  'the page of a gateway': { fault: badGatewayPage, code: 'not-cloudly', words: /an HTML page with status 502/ },
  'the login of a proxy': { fault: proxyLogin, code: 'not-cloudly', words: /a proxy that requires credentials/ },
  'a redirect to another path': { fault: redirectTo('/login'), code: 'not-cloudly', words: /a redirect/ },
  'a bare 401': { fault: bare('401 Unauthorized'), code: 'not-cloudly', words: cannotBe },
  'a bare 403': { fault: bare('403 Forbidden'), code: 'not-cloudly', words: cannotBe },
  'a bare 404': { fault: bare('404 Not Found'), code: 'not-cloudly', words: cannotBe },
  'a bare 410': { fault: bare('410 Gone'), code: 'not-cloudly', words: cannotBe },
  'a bare 204': { fault: bare('204 No Content'), code: 'not-cloudly', words: cannotBe },
  'a bare 503': { fault: bare('503 Service Unavailable'), code: 'unavailable', words: /./ },
  'JSON of another shape': {
    fault: json('{"status":"ok"}'),
    code: 'not-cloudly',
    words: /does not follow the contract/,
  },
  'truncated JSON': { fault: json('{"protocol":1,'), code: 'not-cloudly', words: /does not follow the contract/ },
  'JSON with another content type': {
    fault: json('{"accepted":true}', '200 OK', 'image/png'),
    code: 'not-cloudly',
    words: /does not follow the contract/,
  },
  'text that is not UTF-8': { fault: latin1, code: 'not-cloudly', words: /UTF-8/ },
} as const satisfies Record<string, NamedFault>;

export const faultsAfterEnrolment: Record<string, NamedFault> = {
  ...faultsBeforeEnrolment,
  'another Cloudly that does not know the token': {
    fault: judgedElsewhere({ code: 'node-token-unknown' }, '401 Unauthorized'),
    code: 'another-cloudly',
    words: /A different Cloudly answers/,
  },
  'another Cloudly that accepts the node': {
    fault: json(JSON.stringify({ ...anotherCloudly, accepted: true })),
    code: 'another-cloudly',
    words: /A different Cloudly answers/,
  },
};
