import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cloudlyId, problem } from '../../test/fake-cloudly.js';
import { identity, MemoryIdentityStore, nodeId } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes, registerOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../values/secret.js';

const minute = 60_000;
const hour = 60 * minute;

/** Seldom, so that days of simulated time hold changes of state rather than heartbeats that are taken. */
const config = { heartbeatIntervalMs: 10 * minute, startSpreadMs: 10 * minute };

const rotation = {
  ...heartbeatOutcomes.accepted,
  answer: {
    ...heartbeatOutcomes.accepted.answer,
    nextNodeToken: 'rotated',
    sendFullStatus: true,
    cloneSuspected: true,
  },
};
const stranger = { cloudlyId: 'cloudly-2', nodeToken: 'of-a-stranger', nextNodeToken: 'of-a-stranger' };
const strangers = {
  accepted: { ...registerOutcomes.accepted, answer: { ...registerOutcomes.accepted.answer, ...stranger } },
  pending: { ...registerOutcomes.pending, answer: { ...registerOutcomes.pending.answer, cloudlyId: 'cloudly-2' } },
  acknowledged: { ...rotation, answer: { ...rotation.answer, ...stranger } },
  revoked: { kind: 'revoked' as const, problem: problem('node-revoked', { nodeId, cloudlyId: 'cloudly-2' }) },
};

/** What Cloudly, another Cloudly in its place, and the disk do at one call. */
const event = fc.record({
  register: fc.constantFrom<RegisterOutcome>(
    ...Object.values(registerOutcomes),
    strangers.accepted,
    strangers.pending,
    strangers.revoked,
  ),
  heartbeat: fc.constantFrom<HeartbeatOutcome>(
    ...Object.values(heartbeatOutcomes),
    rotation,
    strangers.acknowledged,
    strangers.revoked,
  ),
  diskFails: fc.boolean(),
});

const starts = fc.constantFrom(
  () => new MemoryIdentityStore(),
  () => new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file'),
  () => new MemoryIdentityStore(identity({ nodeToken: new Secret('stored'), legacy: true, cloudlyId: undefined })),
);

/** A node regards the Cloudly that accepts it first as its own. Only then is another one a stranger. */
function isRegardedAsOwn(outcome: RegisterOutcome | HeartbeatOutcome, { current }: MemoryIdentityStore): boolean {
  return current.enrolment?.cloudlyId === undefined && 'answer' in outcome && isStranger(outcome.answer);
}

function isStranger(answer: object): boolean {
  return 'cloudlyId' in answer && answer.cloudlyId !== cloudlyId;
}

test('with any answers and any disk failures, the agent makes one call at a time, stays the same node, and uses no unstored token', async () => {
  await fc.assert(
    fc.asyncProperty(
      starts,
      fc.array(event, { minLength: 1, maxLength: 25 }),
      fc.boolean(),
      fc.boolean(),
      async (start, events, changesItsStatus, refusesStatus) => {
        const store = start();
        let looks = 0;
        const hostname = () => `device-${changesItsStatus ? (looks += 1) : 0}`;
        const { runner, clock, cloudly } = simulate({ store, hostname, config });
        let calls = 0;
        const next = () => {
          const now = events[calls % events.length];
          calls += 1;
          store.failure = now?.diskFails === true ? 'The disk is full.' : undefined;
          return now;
        };
        cloudly.onRegister = ({ request }) => {
          expect(request.nodeId).toBe(nodeId);
          const outcome = next()?.register;
          return outcome && isRegardedAsOwn(outcome, store) ? undefined : outcome;
        };
        cloudly.onHeartbeat = ({ request, nodeToken }) => {
          const { enrolment } = store.current;
          expect([enrolment?.nodeToken?.reveal(), enrolment?.previousNodeToken?.reveal()]).toContain(nodeToken);
          expect(nodeToken).not.toBe('of-a-stranger');
          expect(request.nodeId).toBe(nodeId);
          const outcome = next()?.heartbeat;
          return outcome && isRegardedAsOwn(outcome, store) ? undefined : outcome;
        };
        await runner.start();
        for (let round = 0; round < 20; round += 1) {
          const before = calls;
          await clock.advance(1.2 * hour);
          // Dormant nodes probe every hour and a tenth at the latest; all others come much sooner.
          expect(calls).toBeGreaterThan(before);
        }
        expect(cloudly.mostAtOnce).toBe(1);
        expect(store.current.nodeId).toBe(nodeId);
        expect([cloudlyId, undefined]).toContain(store.current.enrolment?.cloudlyId);

        // Whatever it has come to, its Cloudly has it back within that time, by a token that it issued. A dormant node may
        // have to try two tokens and its key, an hour apart.
        cloudly.onRegister = () => undefined;
        cloudly.onHeartbeat = ({ request }) =>
          refusesStatus && request.status ? heartbeatOutcomes.refused : undefined;
        store.failure = undefined;
        await clock.advance(4.5 * hour);
        const { heartbeatsAcknowledged } = runner.status().cloudly;
        await clock.advance(hour);
        const { cloudly: after } = runner.status();
        expect(after.heartbeatsAcknowledged).toBeGreaterThan(heartbeatsAcknowledged);
        expect(after).toMatchObject({
          state: 'registered',
          ...(!refusesStatus && { connectivity: 'connected', problem: undefined }),
        });
        const stopped = runner.stop();
        await clock.advance(500);
        await stopped;
        expect(clock.sleeping).toBe(0);
      },
    ),
    { numRuns: howMany(40, 200) },
  );
});
