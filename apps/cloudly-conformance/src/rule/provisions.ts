/** What a node alone cannot bring about, and the operator of a Cloudly can give the kit. */
interface ProvisionDefinition {
  /** The option of the command line. */
  flag: string;
  kind: 'token' | 'command' | 'switch';
  /** What stands behind the option. */
  hint: string;
  about: string;
}

export const provisions = {
  approvalJoinToken: {
    flag: 'approval-join-token',
    kind: 'token',
    hint: '<token>',
    about: 'a join token with four uses whose nodes wait for approval',
  },
  expiredJoinToken: { flag: 'expired-join-token', kind: 'token', hint: '<token>', about: 'one that has expired' },
  usedJoinToken: {
    flag: 'used-join-token',
    kind: 'token',
    hint: '<token>',
    about: 'one that has no use left; best one that has expired as well',
  },
  revokedJoinToken: {
    flag: 'revoked-join-token',
    kind: 'token',
    hint: '<token>',
    about: 'one that was revoked; best one with no use left that has expired as well',
  },
  countedJoinToken: {
    flag: 'counted-join-token',
    kind: 'token',
    hint: '<token>',
    about: 'one with exactly two uses left; a run takes both',
  },
  approve: {
    flag: 'approve',
    kind: 'command',
    hint: "'... {nodeId}'",
    about: 'approves a node that waits',
  },
  revoke: { flag: 'revoke', kind: 'command', hint: "'... {nodeId}'", about: 'revokes a node' },
  unrevoke: { flag: 'unrevoke', kind: 'command', hint: "'... {nodeId}'", about: 'lifts the revocation of a node' },
  rebind: {
    flag: 'rebind',
    kind: 'command',
    hint: "'... {nodeId} {approvalCode}'",
    about: 'lets the other key that has this approval code have the node ID',
  },
  rotate: {
    flag: 'rotate',
    kind: 'command',
    hint: "'... {nodeId}'",
    about: 'has the node given a new token at its next heartbeat',
  },
  queueCommand: {
    flag: 'queue-command',
    kind: 'command',
    hint: "'... {nodeId} {kind}'",
    about: 'queues a command of that kind for a node, for an hour or longer',
  },
  cancelCommand: {
    flag: 'cancel-command',
    kind: 'command',
    hint: "'... {nodeId} {commandId}'",
    about: 'takes a queued command back',
  },
  resolveClone: {
    flag: 'resolve-clone',
    kind: 'command',
    hint: "'... {nodeId} {bootId}'",
    about: 'decides which boot of a suspected node stays',
  },
  backUp: { flag: 'back-up', kind: 'command', hint: "'...'", about: 'puts a copy of the database aside' },
  restore: {
    flag: 'restore',
    kind: 'command',
    hint: "'...'",
    about: 'puts that copy back in its place; ends when Cloudly answers again',
  },
  slow: { flag: 'slow', kind: 'switch', hint: '', about: 'tries what takes minutes as well' },
} as const satisfies Record<string, ProvisionDefinition>;

export type Provision = keyof typeof provisions;

type OfKind<Kind extends ProvisionDefinition['kind']> = {
  [Name in Provision]: (typeof provisions)[Name]['kind'] extends Kind ? Name : never;
}[Provision];

export type TokenProvision = OfKind<'token'>;
export type OperatorAct = OfKind<'command'>;

/** How the option is written on the command line. */
export function describeProvision(name: Provision): string {
  const { flag, hint } = provisions[name];
  return hint === '' ? `--${flag}` : `--${flag} ${hint}`;
}
