import { type FleetEventKind, isAuditEvent } from '@serve.zone/baseos-cloudly-handlers';

/** What each kind of event tells, in the order of the documentation. */
const eventMeanings: Readonly<Record<FleetEventKind, string>> = {
  'node-registered': 'A new node was admitted by a join token. Its details say whether it waits for approval',
  'node-approved': 'A node was approved',
  'node-revoked': 'A node was locked out',
  'node-unrevoked': 'A revocation was lifted',
  'node-forgotten': 'A node was removed, with its history and its commands',
  'node-rebind-allowed': 'Another device may take over a node, once and until then',
  'node-rebound': 'Another device has taken over a node',
  'node-rotation-demanded': 'A node is to get a new token',
  'node-tokens-voided': 'Tokens of a node were invalidated',
  'node-updates-set': 'An operator has set how a node takes new releases',
  'clone-suspected': 'Two devices may use the identity of a node',
  'clone-resolved': 'An operator has chosen which of two devices keeps the identity',
  'node-named': 'A node was named, or lost its name',
  'node-labelled': 'Labels of a node were set or removed',
  'node-noted': 'The notes about a node were changed. The event does not contain them',
  'node-late': 'A node is late',
  'node-offline': 'A node is offline',
  'node-back': 'A node that was late or offline is heard again',
  'crash-loop': 'An agent has restarted five times within an hour. Told once, until it runs for longer',
  'agent-changed': 'A node has another version of the agent',
  'os-changed': 'A node has another version of its operating system',
  'release-changed': 'A node runs another release',
  'supervisor-changed': 'The Supervisor of a node can be read, or no longer',
  'update-failed': 'An update failed. Told once, until the node reports something else',
  'storage-low': "Less than 10 percent of a node's storage are free",
  'storage-recovered': '15 percent or more are free again',
  'command-queued': 'A command was sent to a node',
  'command-cancelled': 'A command was cancelled',
  'command-finished': 'A node has reported the result of a command',
  'command-ended': 'The time of a command is up, and it has no result',
  'join-token-created': 'A join token was created',
  'join-token-revoked': 'A join token was revoked',
  'view-saved': 'A view was saved',
  'view-removed': 'A view was removed',
  'bulk-begun': 'An action on many nodes was confirmed',
  'bulk-stopped': 'It was stopped before its end',
  'bulk-ended': 'It has ended. Its details say how many nodes were changed',
  'fleet-recovered': 'The fleet was restored from a backup',
  'operator-invited':
    'Somebody was invited to become an operator, with a role and a scope; without a name, the first one',
  'operator-joined': 'Somebody became an operator',
  'operator-changed': 'An operator has another role or scope',
  'operator-removed': 'An operator was removed, with their sessions and API tokens',
  'new-password-offered': 'An operator may set a new password, by an invitation',
  'password-changed': 'An operator has a new password',
  'invitation-revoked': 'An invitation is no longer valid',
  'operator-signed-in': 'An operator signed in',
  'sessions-ended': 'Sessions of an operator were ended',
  'sign-in-failed': 'Attempts to sign in failed, counted for a minute; without a name, as somebody who is no operator',
  'api-token-created': 'An API token was created, with a role and a scope',
  'api-token-revoked': 'An API token was revoked',
};

/** A row for each kind of event: what it tells, and how long it is kept if Cloudly or a node causes it. */
export function eventRows(): string[][] {
  return Object.entries(eventMeanings).map(([kind, meaning]) => {
    const isAudit = isAuditEvent({ actor: 'system', kind: kind as FleetEventKind });
    return [`\`${kind}\``, meaning, isAudit ? 'two years' : '90 days'];
  });
}
