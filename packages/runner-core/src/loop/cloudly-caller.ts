import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { CommandsAnswer } from '../commands/worker/command-worker.js';
import type { Clock } from '../ports/clock.js';
import type { CloudlyCalls } from '../ports/cloudly-calls.js';
import type { Secret } from '../values/secret.js';
import { callCloudly } from './call-cloudly.js';
import { clockSkewMs } from './clock-skew.js';
import { tokenOf } from './credentials.js';
import { composeCall, type ComposeCallParts, type ComposedCall } from './compose-call.js';
import { heardFrom } from './heard-heartbeat.js';
import { isAccepted, ownVerdict } from './own-verdict.js';
import type { Registration } from '../identity/registration.js';
import type { Step, Turn } from './step.js';
import { afterHeartbeat, afterRegister } from './transitions.js';

type Composed<Call extends ComposedCall['call']> = Extract<ComposedCall, { call: Call }>;

export interface CloudlyCallerParts {
  connector: CloudlyCalls;
  registration: Registration;
  joinToken: Secret | undefined;
  clock: Clock;
  bootId: string;
  /** Of this boot; the sequence of a heartbeat is its number among them. */
  heartbeats: { sent: number };
}

/** Makes the two calls as this node, and decides what follows from their outcomes. */
export class CloudlyCaller {
  readonly #parts: CloudlyCallerParts;
  #clockSkewMs: number | undefined;
  #lastSuccessWallMs: number | undefined;

  constructor(parts: CloudlyCallerParts) {
    this.#parts = parts;
  }

  get approvalCode(): string {
    return this.#parts.registration.approvalCode;
  }

  /** By the device's clock, which may have jumped since. */
  get lastSuccessWallMs(): number | undefined {
    return this.#lastSuccessWallMs;
  }

  get clockSkewMs(): number | undefined {
    return this.#clockSkewMs;
  }

  get heartbeatsSent(): number {
    return this.#parts.heartbeats.sent;
  }

  /** The call that is due next, as it would be made now. This sends nothing, and nothing counts as sent. */
  compose(parts: Pick<ComposeCallParts, 'turn' | 'report' | 'results' | 'running'>): ComposedCall | undefined {
    const { bootId, heartbeats } = this.#parts;
    return composeCall({ ...parts, bootId, sequence: heartbeats.sent + 1 });
  }

  /** Sends what was composed for this turn. */
  async send(turn: Turn, composed: ComposedCall, abandon: AbortSignal): Promise<Step | 'aborted'> {
    return composed.call === 'register'
      ? this.#register(turn, composed, abandon)
      : this.#heartbeat(turn, composed, abandon);
  }

  async #register(turn: Turn, { request }: Composed<'register'>, abandon: AbortSignal): Promise<Step | 'aborted'> {
    const { connector, registration, joinToken, clock } = this.#parts;
    const options = { joinToken: joinToken && (() => joinToken.reveal()), signal: abandon };
    const proven = { ...request, registrationKey: registration.key.reveal() };
    const sentMs = clock.monotonicMs();
    const outcome = await callCloudly(async () => connector.register(proven, options), abandon);
    if (abandon.aborted && outcome.kind === 'aborted') return 'aborted';
    this.#readClock(turn, outcome, sentMs);
    const sent = { sentMs, deliveredResults: [], isHeartbeat: false };
    return this.#withAnswer(afterRegister(this.#answered(turn), outcome), outcome, sent);
  }

  async #heartbeat(turn: Turn, composed: Composed<'heartbeat'>, abandon: AbortSignal): Promise<Step | 'aborted'> {
    const { connector, heartbeats, clock } = this.#parts;
    const { identity, state, settings } = turn;
    const { request, legacy, carriedStatus, isMinimal } = composed;
    const token = tokenOf(state.credential, identity.enrolment, settings.environmentToken);
    if (!token) throw new Error('A heartbeat was planned without a token.');
    heartbeats.sent += 1;
    const options = { nodeToken: () => token.reveal(), legacy, signal: abandon };
    const sentMs = clock.monotonicMs();
    const outcome = await callCloudly(async () => connector.heartbeat(request, options), abandon);
    if (abandon.aborted && outcome.kind === 'aborted') return 'aborted';
    this.#readClock(turn, outcome, sentMs);
    const sent = { token, statusHash: request.statusHash, carriedStatus, isMinimal };
    const step = afterHeartbeat({ ...this.#answered(turn), sent }, outcome);
    const results = request.commandResults ?? [];
    if (outcome.kind === 'refused') {
      return { ...step, refused: { results, isAlone: results.length === 1 && request.status === undefined } };
    }
    return this.#withAnswer(step, outcome, { sentMs, deliveredResults: results, isHeartbeat: true });
  }

  /** The step, and what else its answer says; nothing if the step does not follow the answer. */
  #withAnswer(
    step: Step,
    outcome: RegisterOutcome | HeartbeatOutcome,
    { isHeartbeat, ...sent }: Pick<CommandsAnswer, 'sentMs' | 'deliveredResults'> & { isHeartbeat: boolean },
  ): Step {
    if (step.state.connectivity !== 'connected') return step;
    if (!isAccepted(outcome)) return step;
    this.#lastSuccessWallMs = this.#parts.clock.wallMs();
    const { desiredState } = outcome.answer;
    const mayCommand = outcome.kind === 'accepted';
    // A node whose identity two devices use gets no commands.
    const listsAll = mayCommand && isHeartbeat && !step.state.cloneSuspected;
    const heard = isHeartbeat && outcome.kind === 'accepted' ? heardFrom(outcome.answer) : undefined;
    return { ...step, desired: { ...sent, desiredState, mayCommand, listsAll }, heard };
  }

  /** Only the clock of this node's own Cloudly counts. */
  #readClock({ identity }: Turn, outcome: RegisterOutcome | HeartbeatOutcome, sentMs: number): void {
    if (ownVerdict(outcome, identity).kind === 'another-cloudly') return;
    const { clock } = this.#parts;
    const times = { wallMs: clock.wallMs(), roundTripMs: clock.monotonicMs() - sentMs };
    this.#clockSkewMs = clockSkewMs(outcome, times) ?? this.#clockSkewMs;
  }

  /** A decision counts the time from the arrival of the answer. */
  #answered(turn: Turn): Turn {
    const { clock } = this.#parts;
    return { ...turn, now: { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() } };
  }
}
