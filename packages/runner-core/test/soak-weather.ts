import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { Randomness } from '../src/ports/randomness.js';
import { cloudlyId, problem } from './fake-cloudly.js';
import { nodeId } from './memory-identity-store.js';
import { heartbeatOutcomes, registerOutcomes } from './outcomes.js';

const minute = 60_000;
const hour = 60 * minute;

/** How the world of a device is for a while. */
export interface Spell {
  durationMs: number;
  /** The answer of Cloudly or of something in its place; undefined if Cloudly answers normally. */
  register: RegisterOutcome | undefined;
  heartbeat: HeartbeatOutcome | undefined;
  exchangeMs: number;
  supervisor: 'answers' | 'changes' | 'fails' | 'hangs';
  disk: 'writes' | 'fails' | 'stalls';
  /** By how much the wall clock is off from now on, in addition. */
  wallJumpMs: number;
  /** The power goes before it begins. */
  isRestart: boolean;
}

export function fairWeather(durationMs: number): Spell {
  return {
    durationMs,
    register: undefined,
    heartbeat: undefined,
    exchangeMs: 100,
    supervisor: 'answers',
    disk: 'writes',
    wallJumpMs: 0,
    isRestart: false,
  };
}

const { accepted } = heartbeatOutcomes;

function acknowledged(more: Partial<typeof accepted.answer>): HeartbeatOutcome {
  return {
    kind: 'accepted',
    answer: { ...accepted.answer, ...more },
  };
}

const heartbeatAnswers: readonly HeartbeatOutcome[] = [
  ...Object.values(heartbeatOutcomes),
  acknowledged({ sendFullStatus: true }),
  acknowledged({ cloneSuspected: true }),
  acknowledged({ heartbeatIntervalMs: 30_000 }),
  acknowledged({ heartbeatIntervalMs: 5 * minute }),
  acknowledged({ cloudlyId: 'cloudly-2', nextNodeToken: 'of-a-stranger' }),
  { kind: 'revoked', problem: problem('node-revoked', { nodeId, cloudlyId: 'cloudly-2' }) },
];

const registerAnswers: readonly RegisterOutcome[] = Object.values(registerOutcomes);

/** A spell from a minute to two hours, short ones as likely as long ones; half of each kind of thing is in order. */
export function anyWeather(randomness: Randomness): Spell {
  const fraction = () => randomness.fraction();
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(fraction() * values.length)] as Value;
  const seldom = (share: number) => fraction() < share;
  const isAnswering = seldom(0.5);
  const rotation = acknowledged({ cloudlyId, nextNodeToken: randomness.uuid() });
  return {
    durationMs: Math.round(minute * 120 ** fraction()),
    register: isAnswering ? undefined : pick(registerAnswers),
    heartbeat: isAnswering ? undefined : pick([...heartbeatAnswers, rotation]),
    exchangeMs: pick([0, 50, 500, 5000, 29_000]),
    supervisor: pick(['answers', 'changes', 'fails', 'hangs']),
    disk: pick(['writes', 'writes', 'fails', 'stalls']),
    wallJumpMs: seldom(0.1) ? Math.round((fraction() - 0.5) * 20 * 365 * 24 * hour) : 0,
    isRestart: seldom(0.1),
  };
}
