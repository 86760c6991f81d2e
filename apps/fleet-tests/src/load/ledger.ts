import type { EmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { Answer } from './exchange.js';

/** What Cloudly has acknowledged to a node, from the node's point of view. */
export interface Account {
  node: EmulatedNode;
  /** A node token that Cloudly took in a heartbeat it acknowledged; before the first, the one that it registered with. */
  nodeToken: string;
  /** Whether a heartbeat by that token was acknowledged, which made it the node's. */
  isActivated: boolean;
  /** How often a token took the place of another one. */
  rotations: number;
  /** The commands whose result was acknowledged. */
  delivered: string[];
  heartbeats: number;
}

export interface Counts {
  registrations: number;
  rotations: number;
  results: number;
  heartbeats: number;
}

/** Every acknowledgement of a load, by node. */
export class Ledger {
  readonly accounts: Account[] = [];
  /** Rejections for which Cloudly has no reason, by everything that it has acknowledged to these nodes. */
  readonly contradictions: string[] = [];
  /** Registrations, rotations and results; a caller can wait for a number of them. */
  #acknowledged = 0;
  readonly #waiting = new Set<{ count: number; tell: () => void }>();

  open(node: EmulatedNode, nodeToken: string): Account {
    const account = { node, nodeToken, isActivated: false, rotations: 0, delivered: [], heartbeats: 0 };
    this.accounts.push(account);
    this.#count();
    return account;
  }

  /** A heartbeat was acknowledged that came by this token, with these results. */
  heard(account: Account, nodeToken: string, commandIds: readonly string[]): void {
    account.heartbeats += 1;
    account.isActivated = true;
    if (nodeToken !== account.nodeToken) {
      account.nodeToken = nodeToken;
      account.rotations += 1;
      this.#count();
    }
    for (const commandId of commandIds) {
      account.delivered.push(commandId);
      this.#count();
    }
  }

  contradict(nodeId: string, asked: string, { status, body }: Answer): void {
    this.contradictions.push(`${asked} of ${nodeId}: ${status} ${String(body['code'])}`);
  }

  /** Resolves once this many more registrations, rotations and results are acknowledged. */
  async more(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add({ count: this.#acknowledged + count, tell: resolve });
    });
  }

  counts(): Counts {
    const sum = (of: (account: Account) => number) => this.accounts.reduce((total, account) => total + of(account), 0);
    return {
      registrations: this.accounts.length,
      rotations: sum(({ rotations }) => rotations),
      results: sum(({ delivered }) => delivered.length),
      heartbeats: sum(({ heartbeats }) => heartbeats),
    };
  }

  #count(): void {
    this.#acknowledged += 1;
    for (const waiting of this.#waiting) {
      if (this.#acknowledged < waiting.count) continue;
      this.#waiting.delete(waiting);
      waiting.tell();
    }
  }
}
