import { CloudlyConnector, type FetchLike, type RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { RegisterRequest } from '@serve.zone/baseos-contracts';
import { type Answer, describeAnswer } from '../exchange/answer.js';
import { JOIN_TOKEN_USES } from './join-token-uses.js';
import { NoAnswer } from '../exchange/mismatch.js';

export interface RefusedEntry {
  /** Cloudly's base URL. */
  url: string;
  joinToken: string;
  registration: RegisterRequest;
  /** The result. */
  outcome: Answer | NoAnswer;
}

/** Why a new node was not admitted, judged by the answer, and what to do about it: for people, and without secrets. */
export async function whyNotLetIn({ url, joinToken, registration, outcome }: RefusedEntry): Promise<string> {
  if (outcome instanceof NoAnswer && !outcome.cause) return sentences(`${outcome.got} came from ${url}`, checkServer);
  // The code of the node interprets such an answer.
  const cloudly = new CloudlyConnector({ cloudlyUrl: url, fetch: replaying(outcome) });
  const understood = await cloudly.register(registration, { joinToken });
  return sentences(...explain(understood, outcome instanceof NoAnswer ? '' : describeAnswer(outcome)));
}

function replaying(outcome: Answer | NoAnswer): FetchLike {
  return async () => {
    if (outcome instanceof NoAnswer) throw outcome.cause;
    const { status, headers, text } = outcome;
    return { status, headers: { get: (name) => headers[name] ?? null }, body: bytesOf(text) };
  };
}

async function* bytesOf(text: string | undefined): AsyncGenerator<Uint8Array> {
  yield text === undefined ? Uint8Array.of(0xff) : new TextEncoder().encode(text);
}

type Explanation = readonly [reason: string, remedy: string];

const checkServer = 'Check that Cloudly is running, and check the scheme, host and port of the URL.';
const checkUrl =
  "Check the URL: it must be Cloudly's base URL, without /baseos/v1. Another server may have answered, such as a proxy or a captive portal.";

/** @param answered the answer in a few words */
function explain(outcome: RegisterOutcome, answered: string): Explanation {
  switch (outcome.kind) {
    case 'join-token-rejected':
      return [`${joinTokens[outcome.code][0]} (${answered})`, joinTokens[outcome.code][1]];
    case 'pending':
      return [
        `nodes of this join token wait for approval (${answered})`,
        'Give a join token that does not require approval; use this one for --approval-join-token.',
      ];
    case 'unreachable':
      return [
        lowerFirst(outcome.message),
        /CERT|UNABLE_TO/.test(outcome.reason)
          ? 'NODE_EXTRA_CA_CERTS=<file> adds a certificate authority.'
          : checkServer,
      ];
    case 'not-cloudly':
      return [`the answer does not follow the protocol (${outcome.reason})`, checkUrl];
    case 'refused':
      return [
        `Cloudly rejected a valid registration (${answered}${placesOf(outcome.problem)})`,
        'The message is like examples/register-request.json of the contracts.',
      ];
    case 'rate-limited':
    case 'unavailable':
      return outcome.problem?.code === 'not-found'
        ? [`there is no such endpoint (${answered})`, checkUrl]
        : [`it cannot answer at the moment (${answered})`, 'Check its log, or retry later.'];
    default:
      return [
        `a new node with a valid join token did not get 201 with a nodeToken (${answered})`,
        'See R-1 in PROTOCOL.md for the order of the checks.',
      ];
  }
}

const joinTokens: Readonly<Record<Extract<RegisterOutcome, { kind: 'join-token-rejected' }>['code'], Explanation>> = {
  'join-token-missing': ['no join token reached Cloudly', 'Check for a proxy that removes the Authorization header.'],
  'join-token-unknown': [
    'Cloudly does not recognise the join token',
    'Check --join-token for typos, and check that it was issued by the Cloudly at this URL.',
  ],
  'join-token-expired': ['the join token has expired', 'Create a new one.'],
  'join-token-used': ['the join token has been used up', `Create one with ${JOIN_TOKEN_USES} uses.`],
  'join-token-revoked': ['the join token was revoked', 'Create a new one.'],
};

function placesOf({ issues = [] }: { issues?: { path: string; rule: string }[] | undefined }): string {
  return issues
    .slice(0, 3)
    .map(({ path, rule }) => `, ${path || 'the whole'}: ${rule}`)
    .join('');
}

function sentences(...[reason, remedy]: Explanation): string {
  return `${reason}. ${remedy}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
