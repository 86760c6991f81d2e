/** What a node alone cannot cause, and the operator of a Cloudly can provide to the kit. */
interface ProvisionDefinition {
  /** The option of the command line. */
  flag: string;
  kind: 'token' | 'command' | 'switch';
  /** The value of the option. */
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
    about: 'one that is used up; ideally also expired',
  },
  revokedJoinToken: {
    flag: 'revoked-join-token',
    kind: 'token',
    hint: '<token>',
    about: 'one that was revoked; ideally also used up and expired',
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
    about: 'approves a pending node',
  },
  revoke: { flag: 'revoke', kind: 'command', hint: "'... {nodeId}'", about: 'revokes a node' },
  unrevoke: { flag: 'unrevoke', kind: 'command', hint: "'... {nodeId}'", about: 'lifts the revocation of a node' },
  rebind: {
    flag: 'rebind',
    kind: 'command',
    hint: "'... {nodeId} {approvalCode}'",
    about: 'gives the node ID to the key with this approval code',
  },
  rotate: {
    flag: 'rotate',
    kind: 'command',
    hint: "'... {nodeId}'",
    about: 'issues a new token to the node with its next heartbeat',
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
    about: 'cancels a queued command',
  },
  setUpdates: {
    flag: 'set-updates',
    kind: 'command',
    hint: "'... {nodeId} {mode}'",
    about: 'sets how a node takes releases: free, gated or own',
  },
  resolveClone: {
    flag: 'resolve-clone',
    kind: 'command',
    hint: "'... {nodeId} {bootId}'",
    about: 'chooses which boot of a suspected node stays',
  },
  backUp: { flag: 'back-up', kind: 'command', hint: "'...'", about: 'makes a backup of the database' },
  restore: {
    flag: 'restore',
    kind: 'command',
    hint: "'...'",
    about: 'restores that backup; ends when Cloudly answers again',
  },
  slow: { flag: 'slow', kind: 'switch', hint: '', about: 'also tries rules that take minutes' },
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
