import type { Notice, Problem } from '@serve.zone/baseos-runner-core';

/** The values in the words about a reset. */
export interface ResetFacts {
  /** The files that hold secrets, separated by commas. */
  leftovers: string;
  /** The origin of the Cloudly that the node was enrolled with. */
  origin: string;
}

/** Why nothing was changed although nothing is wrong. */
export const notConfirmed: Problem = {
  code: 'not-confirmed',
  message: 'Nothing was changed.',
  remedy: 'To reset the identity, stop the agent and add --yes.',
};

/** What an operator should know of a reset. */
export const resetNotices = {
  'nothing-to-reset': () => ({ message: 'No identity is stored: there is nothing to reset.' }),
  // An agent does not use them, but a thief of the disk could.
  'secrets-remain': ({ leftovers }) => ({
    message: `Secrets of a node remain in ${leftovers}.`,
    remedy: 'Before you copy this disk or give it away, run: baserunner identity reset --erase --yes',
  }),
  'new-node': () => ({ message: 'The next start creates a new node.' }),
  'new-node-with-id': () => ({
    message: 'The next start creates the node named by BASEOS_NODE_ID, with a new registration key.',
  }),
  'join-token-needed': () => ({
    message: 'The new node has no join token.',
    remedy: 'To enrol it, set BASEOS_JOIN_TOKEN to a join token.',
  }),
  'old-node-known': ({ origin }) => ({
    message: `${origin} still knows the old node.`,
    remedy: 'Revoke it there.',
  }),
} as const satisfies Readonly<Record<string, (facts: Readonly<ResetFacts>) => Omit<Notice, 'code'>>>;

export type ResetNoticeCode = keyof typeof resetNotices;

export function resetNotice(code: ResetNoticeCode, facts: Readonly<Partial<ResetFacts>> = {}): Notice {
  return { code, ...resetNotices[code]({ leftovers: '', origin: '', ...facts }) };
}
