import type { EmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { Pieces } from './raw-exchange.js';

/** What an attacker may have obtained: the ID of a node, and tokens of their own. */
export interface Loot {
  victim: EmulatedNode;
  /** Of another node. */
  strangersToken: string;
  /** Lets new nodes in. */
  joinToken: string;
}

export interface Attack {
  name: string;
  /** The bytes that are sent. */
  bytes: (loot: Loot) => Pieces;
  /** The code of the problem document; none if no request reached the handlers. */
  refusal: readonly [status: number, code?: string];
  /** A client that continues to send may be cut off before it reads that. */
  mayBeCutOff?: boolean;
}

export type RefusalKind = 'malformed' | 'tooLarge' | 'unsupported';

/** The contract's answers to rejected requests. */
export const refusals = {
  malformed: [400, 'malformed-request'],
  tooLarge: [413, 'payload-too-large'],
  unsupported: [415, 'unsupported-media-type'],
  unknownNodeToken: [401, 'node-token-unknown'],
} as const satisfies Record<string, readonly [number, string]>;
