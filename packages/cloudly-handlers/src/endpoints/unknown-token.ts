import type { TokenReading } from '@serve.zone/baseos-contracts';
import type { Refusal } from '../messages/answer.js';

/** Why a bearer is not the token of a node. */
export const tokenDetails = {
  missing: 'No node token was sent.',
  'well-formed': 'The token is well formed, but no node uses it.',
  mistyped: 'The token has a typo: a character is missing or wrong.',
  'other-kind': 'This is a join token or one of an operator; a node token starts with bnt_.',
  foreign: 'This is not a node token, which starts with bnt_.',
} as const satisfies Record<TokenReading['kind'] | 'missing', string>;

export function unknownToken(detail: string): Refusal {
  return { problem: { code: 'node-token-unknown', detail } };
}
