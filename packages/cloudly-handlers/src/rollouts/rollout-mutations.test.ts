import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyHistory } from '../../test/rollouts/any-history.js';
import { playHistory } from '../../test/rollouts/play-history.js';
import { BrokenInvariant } from '../../test/rollouts/rollout-checker.js';
import { type Decisions, decisions, planBy } from './plan.js';
import { isInFlight } from './room.js';
import { inFlightCountOf } from './wave-counts.js';

/** A plan that decides one thing wrongly, and the invariant that says so. */
interface Mutation {
  name: string;
  by: Partial<Decisions>;
  invariant: string;
  /** Of histories that soon come to it; by another one, it takes longer. */
  seed: number;
}

const { hindranceOf, outcomeOf, roomBeside, findTooManyFailures, findWaveWait, whatIsTakenBack } = decisions;

/** Nothing keeps a member from the command for this reason. */
function withoutHindrance(reason: string): Partial<Decisions> {
  return {
    hindranceOf: (...asked) => {
      const hindrance = hindranceOf(...asked);
      return hindrance?.reason === reason ? undefined : hindrance;
    },
  };
}

function withoutWait(until: string): Partial<Decisions> {
  return {
    findWaveWait: (...asked) => {
      const wait = findWaveWait(...asked);
      return wait?.until === until ? undefined : wait;
    },
  };
}

const mutations: Mutation[] = [
  {
    name: 'one more member may have the command',
    by: { roomBeside: (members, limits) => roomBeside(members, { ...limits, maxInFlight: limits.maxInFlight + 1 }) },
    seed: 1,
    invariant: 'I2',
  },
  {
    name: 'a member that runs takes no room',
    by: {
      roomBeside: (members, limits) =>
        roomBeside(
          members.filter((seen) => !isInFlight(seen) || seen.member.state === 'offered'),
          limits,
        ),
    },
    seed: 49,
    invariant: 'I2',
  },
  {
    name: 'groups have no limit',
    by: { roomBeside: (members, { perGroup: _none, ...limits }) => roomBeside(members, limits) },
    seed: 4,
    invariant: 'I2',
  },
  {
    name: 'a member without a result has not failed',
    by: {
      findTooManyFailures: ({ counts, limits }) =>
        findTooManyFailures({ counts: counts.map((ofWave) => ({ ...ofWave, unknown: 0 })), limits }),
    },
    seed: 11,
    invariant: 'I3',
  },
  {
    name: 'one failure more is allowed',
    by: {
      findTooManyFailures: ({ counts, limits }) =>
        findTooManyFailures({ counts, limits: { ...limits, failMin: limits.failMin + 1 } }),
    },
    seed: 11,
    invariant: 'I3',
  },
  {
    name: 'a pause takes nothing back',
    by: { whatIsTakenBack: (rollout) => (rollout.state === 'stopped' ? 'all' : 'none') },
    seed: 1,
    invariant: 'I3',
  },
  {
    name: 'failures cancel nothing that was listed',
    by: { whatIsTakenBack: (rollout) => (whatIsTakenBack(rollout) === 'none' ? 'none' : 'unlisted') },
    seed: 7,
    invariant: 'I3',
  },
  {
    name: 'a wave is over while members of it run',
    by: { isWaveOver: ({ held }) => held === 0 },
    seed: 1,
    invariant: 'I4',
  },
  {
    name: 'a wave is over while members of it are held',
    by: { isWaveOver: (counts) => inFlightCountOf(counts) === 0 },
    seed: 1,
    invariant: 'I4',
  },
  { name: 'nothing soaks', by: withoutWait('soaked'), seed: 8, invariant: 'I4' },
  { name: 'gates open by themselves', by: withoutWait('gate-opened'), seed: 3, invariant: 'I4' },
  { name: 'a node that is offline is offered the command', by: withoutHindrance('offline'), seed: 1, invariant: 'I8' },
  {
    name: 'a suspected copy is offered the command',
    by: withoutHindrance('clone-suspected'),
    seed: 6,
    invariant: 'I8',
  },
  {
    name: 'a node that left the scope is offered the command',
    by: { hindranceOf: (seen, { scope: _none, ...rollout }, nowMs) => hindranceOf(seen, rollout, nowMs) },
    seed: 20,
    invariant: 'scope',
  },
  { name: 'a window never closes', by: { isWindowOpen: () => true }, seed: 8, invariant: 'window' },
  {
    name: 'a command that is cancelled has not begun',
    by: {
      outcomeOf: (seen, ...rest) => {
        const { member, command } = seen;
        const isCancelled = member.state === 'running' && command?.cancelledAtMs !== undefined && !command.result;
        return isCancelled ? { to: 'held', reason: 'withdrawn' } : outcomeOf(seen, ...rest);
      },
    },
    seed: 5,
    invariant: 'I1',
  },
  {
    name: 'an offer that has waited too long stays in the store',
    by: {
      outcomeOf: (...asked) => {
        const { isWithdrawn: _forgotten, ...outcome } = outcomeOf(...asked) ?? {};
        return 'to' in outcome ? outcome : undefined;
      },
    },
    seed: 10,
    invariant: 'I1',
  },
];

test.each(mutations)('a plan by which $name breaks $invariant', async ({ by, invariant, seed }) => {
  const holds = fc.asyncProperty(anyHistory, (history) =>
    playHistory(history, (...asked) => planBy({ ...decisions, ...by }, ...asked)),
  );
  const { errorInstance } = await fc.check(holds, { numRuns: 400, seed, endOnFailure: true });
  expect(errorInstance instanceof BrokenInvariant && errorInstance.invariant).toBe(invariant);
});
