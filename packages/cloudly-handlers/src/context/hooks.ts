import type { CloudlyEvent } from './cloudly-event.js';

/** Told of one kind of event, before the answer goes out, and not awaited. What it throws goes to `onError`. */
export type Hook<Kind extends CloudlyEvent['kind']> = (
  event: Extract<CloudlyEvent, { kind: Kind }>,
) => void | Promise<void>;

/** `onEvent`, a kind of event each. None of them can fail a request. */
export interface CloudlyHooks {
  /** A node was accepted and given a node token. */
  onRegistered?: Hook<'node-registered'> | undefined;
  /** A node waits for an operator's approval. */
  onPending?: Hook<'node-pending'> | undefined;
  onHeartbeat?: Hook<'heartbeat-received'> | undefined;
  /** A new token went out to a node that has one. */
  onNodeTokenIssued?: Hook<'node-token-issued'> | undefined;
  /** A node has used its new token; the one before it is void. */
  onNodeTokenActivated?: Hook<'node-token-activated'> | undefined;
  /** Another device has taken a node's place, as an operator had allowed. */
  onRebound?: Hook<'node-rebound'> | undefined;
  /** Two devices speak as one node. */
  onCloneSuspected?: Hook<'clone-suspected'> | undefined;
  /** The first result of a command has come. */
  onCommandFinished?: Hook<'command-finished'> | undefined;
  /** A legacy node was served. */
  onLegacyNode?: Hook<'legacy-node-heard'> | undefined;
  onRefused?: Hook<'request-refused'> | undefined;
}

const hookNames = {
  'node-registered': 'onRegistered',
  'node-pending': 'onPending',
  'heartbeat-received': 'onHeartbeat',
  'node-token-issued': 'onNodeTokenIssued',
  'node-token-activated': 'onNodeTokenActivated',
  'node-rebound': 'onRebound',
  'clone-suspected': 'onCloneSuspected',
  'command-finished': 'onCommandFinished',
  'legacy-node-heard': 'onLegacyNode',
  'request-refused': 'onRefused',
} as const satisfies Record<CloudlyEvent['kind'], keyof CloudlyHooks>;

/** The hook for an event, if there is one. */
export function hookFor(
  hooks: CloudlyHooks,
  { kind }: CloudlyEvent,
): ((event: CloudlyEvent) => void | Promise<void>) | undefined {
  // The table pairs each kind with the hook that takes it.
  return hooks[hookNames[kind]] as ((event: CloudlyEvent) => void | Promise<void>) | undefined;
}
