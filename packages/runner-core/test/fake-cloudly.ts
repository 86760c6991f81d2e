import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import {
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type ProblemCode,
  problemDocument,
  type ReceivedProblem,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';
import type { CloudlyCalls } from '../src/ports/cloudly-calls.js';
import type { VirtualClock } from './virtual-clock.js';

export interface ReceivedRegister {
  atMs: number;
  request: RegisterRequest;
  joinToken: string | undefined;
}

export interface ReceivedHeartbeat {
  atMs: number;
  request: HeartbeatRequest;
  nodeToken: string;
  legacy: boolean;
}

export const cloudlyId = 'cloudly-1';

/**
 * A Cloudly in memory that registers every node and takes its heartbeats under a token that it issued, until a test tells
 * it otherwise: by `onRegister` and `onHeartbeat`, which give the outcome of a call, or nothing to leave it to the default.
 */
export class FakeCloudly implements CloudlyCalls {
  readonly registers: ReceivedRegister[] = [];
  readonly heartbeats: ReceivedHeartbeat[] = [];
  readonly #clock: VirtualClock;
  /** How long every exchange takes. */
  exchangeMs = 0;
  /** The most calls that were ever under way at once. */
  mostAtOnce = 0;
  /** The tokens that it issued, or that a test says it issued. */
  readonly knownTokens = new Set<string>();
  #atOnce = 0;
  #tokens = 0;

  onRegister: (call: ReceivedRegister) => RegisterOutcome | undefined = () => undefined;
  onHeartbeat: (call: ReceivedHeartbeat) => HeartbeatOutcome | undefined = () => undefined;

  /** Absent: it wakes nobody. */
  wake?: NonNullable<CloudlyCalls['wake']>;
  readonly register: CloudlyCalls['register'];
  readonly heartbeat: CloudlyCalls['heartbeat'];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.register = async (request, options) => {
      const { joinToken, signal } = options ?? {};
      const call = { atMs: clock.monotonicMs(), request, joinToken: reveal(joinToken) };
      this.registers.push(call);
      return this.#exchange(signal, () => this.#issued(this.onRegister(call) ?? this.accepted(request)));
    };
    this.heartbeat = async (request, { nodeToken, legacy = false, signal }) => {
      const call = { atMs: clock.monotonicMs(), request, nodeToken: reveal(nodeToken) ?? '', legacy };
      this.heartbeats.push(call);
      return this.#exchange(signal, () => this.#issued(this.onHeartbeat(call) ?? this.#judge(call)));
    };
  }

  /** 201 with a new token. */
  accepted({ nodeId }: { nodeId: string }): Extract<RegisterOutcome, { kind: 'accepted' }> {
    this.#tokens += 1;
    return {
      kind: 'accepted',
      created: true,
      answer: { ...this.#answerEntries(), accepted: true, nodeId, nodeToken: `token-${this.#tokens}` },
    };
  }

  pending(retryAfterMs?: number): RegisterOutcome {
    const answer = { ...this.#answerEntries(), accepted: false as const, reason: 'pending-approval' };
    return { kind: 'pending', answer, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }

  /** 200 */
  acknowledged(more: Partial<HeartbeatAnswer> = {}): Extract<HeartbeatOutcome, { kind: 'accepted' }> {
    return { kind: 'accepted', answer: { ...this.#answerEntries(), accepted: true, ...more } };
  }

  #judge({ nodeToken }: ReceivedHeartbeat): HeartbeatOutcome {
    return this.knownTokens.has(nodeToken)
      ? this.acknowledged()
      : { kind: 'node-token-rejected', problem: problem('node-token-unknown') };
  }

  /** Remembers the token in an answer of its own; a test may let another Cloudly answer in its place. */
  #issued<Outcome extends RegisterOutcome | HeartbeatOutcome>(outcome: Outcome): Outcome {
    if (!('answer' in outcome)) return outcome;
    const answer = outcome.answer as { cloudlyId?: string; nodeToken?: string; nextNodeToken?: string };
    const { cloudlyId: issuer = cloudlyId, nodeToken, nextNodeToken = nodeToken } = answer;
    if (nextNodeToken !== undefined && issuer === cloudlyId) this.knownTokens.add(nextNodeToken);
    return outcome;
  }

  #answerEntries() {
    return { protocol: 1 as const, cloudlyId, serverTime: new Date(this.#clock.wallMs()).toISOString() };
  }

  async #exchange<Outcome>(
    signal: AbortSignal | undefined,
    outcome: () => Outcome,
  ): Promise<Outcome | { kind: 'aborted' }> {
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const quiet = signal ?? new AbortController().signal;
    if (this.exchangeMs > 0) await this.#clock.sleep(this.exchangeMs, quiet);
    this.#atOnce -= 1;
    return quiet.aborted ? { kind: 'aborted' } : outcome();
  }
}

/** A problem document as a node receives it. */
export function problem(code: ProblemCode, more: Partial<ReceivedProblem> = {}): ReceivedProblem {
  return {
    ...problemDocument({ code }, { cloudlyId, serverTime: '2026-11-23T16:00:00Z' }),
    protocol: 1,
    ...more,
  };
}

export const unreachable = { kind: 'unreachable', reason: 'ECONNREFUSED', message: 'connection refused' } as const;

function reveal(token: string | (() => string) | undefined): string | undefined {
  return typeof token === 'function' ? token() : token;
}
