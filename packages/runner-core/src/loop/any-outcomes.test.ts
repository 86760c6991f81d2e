import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { problem } from '../../test/fake-cloudly.js';
import { identity, MemoryIdentityStore, nodeId } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes, registerOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../secret.js';

const hour = 3_600_000;

const rotation = {
  ...heartbeatOutcomes.accepted,
  answer: {
    ...heartbeatOutcomes.accepted.answer,
    nextNodeToken: 'rotated',
    sendFullStatus: true,
    cloneSuspected: true,
  },
};
const stranger = { kind: 'revoked' as const, problem: problem('node-revoked', { nodeId, cloudlyId: 'cloudly-2' }) };

/** What Cloudly and the disk do at one call. */
const event = fc.record({
  register: fc.constantFrom<RegisterOutcome>(...Object.values(registerOutcomes), stranger),
  heartbeat: fc.constantFrom<HeartbeatOutcome>(...Object.values(heartbeatOutcomes), rotation, stranger),
  diskFails: fc.boolean(),
});

const starts = fc.constantFrom(
  () => new MemoryIdentityStore(),
  () => new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file'),
  () => new MemoryIdentityStore(identity({ nodeToken: new Secret('stored'), provisional: true, cloudlyId: undefined })),
);

it('whatever Cloudly answers and the disk refuses: one call at a time, the same node, no token that is not stored', async () => {
  await fc.assert(
    fc.asyncProperty(starts, fc.array(event, { minLength: 1, maxLength: 25 }), async (start, events) => {
      const store = start();
      const { runner, clock, cloudly } = simulate({ store });
      let calls = 0;
      const next = () => {
        const now = events[calls % events.length];
        calls += 1;
        store.failure = now?.diskFails === true ? 'The disk is full.' : undefined;
        return now;
      };
      cloudly.onRegister = ({ request }) => {
        expect(request.nodeId).toBe(nodeId);
        return next()?.register;
      };
      cloudly.onHeartbeat = ({ request, nodeToken }) => {
        const { enrolment } = store.current;
        expect([enrolment?.nodeToken?.reveal(), enrolment?.previousNodeToken?.reveal()]).toContain(nodeToken);
        expect(request.nodeId).toBe(nodeId);
        return next()?.heartbeat;
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

      // Whatever it has come to, a Cloudly that accepts it again has it back within that time.
      cloudly.onRegister = () => undefined;
      cloudly.onHeartbeat = () => undefined;
      store.failure = undefined;
      await clock.advance(2.4 * hour);
      expect(runner.status().cloudly).toMatchObject({
        state: 'registered',
        connectivity: 'connected',
        problem: undefined,
      });
      const stopped = runner.stop();
      await clock.advance(500);
      await stopped;
      expect(clock.sleeping).toBe(0);
    }),
    { numRuns: 60 },
  );
});
