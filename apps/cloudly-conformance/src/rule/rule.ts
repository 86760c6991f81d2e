import type { Answer } from '../exchange/answer.js';
import type { Exchange, HeldRequest, OutgoingRequest } from '../exchange/conversation.js';
import type { EmulatedNode, AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { OperatorAct, Provision, TokenProvision } from './provisions.js';

/** The number of a rule in PROTOCOL.md of the contracts, such as `R-3`. */
export type RuleNumber =
  `${'A' | 'B' | 'C' | 'D' | 'F' | 'H' | 'I' | 'J' | 'K' | 'L' | 'O' | 'R' | 'T' | 'W'}-${number}`;

/** One promise of the contract. */
export interface Rule {
  /** Unique; for programs, and to try it alone. */
  name: string;
  /** The rules of the protocol that it tries, the main one first. */
  cites: readonly [RuleNumber, ...RuleNumber[]];
  /** The promise, in a sentence without its end. */
  rule: string;
  /** What the operator must provide for it. */
  needs?: readonly Provision[];
  /**
   * Tries it.
   *
   * @throws Mismatch if it does not hold; CannotTry if a precondition is missing.
   */
  run(this: void, context: RuleContext): Promise<void> | void;
}

/** The rules of one part of the contract. */
export interface Section {
  title: string;
  rules: readonly Rule[];
}

/** The context of a rule. Every request has a deadline; one without an answer is a mismatch. */
export interface RuleContext {
  /** Admits new nodes without approval. */
  joinToken: string;
  /** A new device that Cloudly does not know. */
  newNode(this: void, nodeId?: string): EmulatedNode;
  /**
   * A new node that Cloudly has admitted; its token was never used.
   *
   * @throws CannotTry
   */
  admit(this: void): Promise<AdmittedNode>;
  /**
   * A new node that Cloudly has admitted and whose first heartbeat, with its status, it has accepted.
   *
   * @throws CannotTry
   */
  enrol(this: void): Promise<AdmittedNode>;
  /**
   * The same node at every call, for rules that do not change the node.
   *
   * @throws CannotTry
   */
  resident(this: void): Promise<AdmittedNode>;
  /** Without a credential when none is named. */
  register(this: void, message: object, joinToken?: string): Promise<Answer>;
  /** Without a credential when none is named. */
  heartbeat(this: void, message: object, nodeToken?: string): Promise<Answer>;
  /** Anything else. */
  send(this: void, request: OutgoingRequest): Promise<Answer>;
  /** Waits to be woken, with this node token. */
  wake(this: void, nodeToken: string): HeldRequest;
  /** Of those that the rule needs. */
  token(this: void, name: TokenProvision): string;
  /**
   * Makes the operator do something that the rule needs.
   *
   * @throws CannotTry where that fails.
   */
  ask(this: void, act: OperatorAct, about?: Record<string, string>): Promise<void>;
  wait(this: void, durationMs: number): Promise<void>;
  /** Every request so far, of all rules. */
  exchanges: readonly Exchange[];
}
