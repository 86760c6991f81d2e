import type { FleetEvent, MemberState, NewRollout, Rollout } from '@serve.zone/baseos-cloudly-handlers';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { expect, onTestFinished, test } from 'vitest';
import type { Database } from '../src/database/database.js';
import { Busiest } from '../src/rollouts/busiest.js';
import { oldCommit } from '../src/rollouts/emulated-device.js';
import { ProofFleet, type ProofFleetOptions } from '../src/rollouts/proof-fleet.js';
import { buildBaseRunner, buildCloudly } from './build-clis.js';

/** Who is in which wave follows from it and the node IDs: the same in every run. */
const ROLLOUT_ID = '6f1c7a08-2f5a-4f1e-8f5e-3a1f2b0c9d77';

const FAIL_MIN = howMany(2, 3);

const TIMEOUT_MS = howMany(400_000, 900_000);

const size = { coreCount: howMany(14, 200), processCount: howMany(2, 12) };
const nodeCount = size.coreCount + size.processCount;

/** Rollouts over real agents on emulated devices. What counts is what the Supervisors were asked. */
export function whatARolloutGoesThrough(createDatabase: () => Promise<Database>, serverCount: number): void {
  const startFleet = async (
    options: Pick<ProofFleetOptions, 'siteCount' | 'failsOneOf' | 'isGated'>,
  ): Promise<ProofFleet> => {
    const [cloudly, baserunner] = await Promise.all([buildCloudly(), buildBaseRunner()]);
    const database = await createDatabase();
    onTestFinished(async () => database.remove());
    const proof = await ProofFleet.start({
      cloudlyPath: cloudly.path,
      baserunnerPath: baserunner.path,
      database,
      serverCount,
      ...size,
      ...options,
    });
    onTestFinished(async () => proof.close());
    return proof;
  };

  test(
    'it stops where its limit says, and goes on when it may, although its servers die',
    { timeout: TIMEOUT_MS },
    async () => {
      const proof = await startFleet({ siteCount: 1, failsOneOf: howMany(4, 10), isGated: false });
      const { devices } = proof;
      const asked = () => devices.filter(({ askCount }) => askCount > 0);
      const id = await begin(proof, {
        command: { kind: 'restart-service', service: 'main', soakMs: 4000 },
        waves: [{ size: { percent: 10 } }, {}],
        limits: { maxInFlight: Math.ceil(nodeCount / 5), failPercent: 5, failMin: FAIL_MIN },
      });

      await proof.until(() => asked().length > 0);
      await proof.killServers();
      await proof.until(
        async () => (await rolloutOf(proof, id)).state === 'paused' && (await inFlight(proof, id)) === 0,
      );
      const paused = await rolloutOf(proof, id);
      expect(paused.pause).toMatchObject({ reason: 'failures', by: 'system' });
      const failed = await membersIn(proof, id, ['failed']);
      expect(failed.length).toBeGreaterThanOrEqual(FAIL_MIN);
      expect(failed).toEqual(
        asked()
          .filter(({ isFailing }) => isFailing)
          .map(({ nodeId }) => nodeId),
      );
      expect(await membersIn(proof, id, ['succeeded', 'failed'])).toEqual(asked().map(({ nodeId }) => nodeId));
      expect(asked().map(({ askCount }) => askCount)).toEqual(asked().map(() => 1));
      expect(asked().length).toBeLessThan(nodeCount);
      expect(offersAfterPause(await eventsOf(proof))).toEqual([]);

      await proof.fleet.resumeRollout(proof.operator, id, { failed: 'leave-out', limits: { failPercent: 100 } });
      const before = asked().length;
      await proof.until(() => asked().length > before);
      await proof.killServers();
      await proof.until(async () => (await rolloutOf(proof, id)).state === 'finished');
      expect(devices.map(({ askCount }) => askCount)).toEqual(devices.map(() => 1));
      const sound = devices.filter(({ isFailing }) => !isFailing).map(({ nodeId }) => nodeId);
      expect(await membersIn(proof, id, ['succeeded'])).toEqual(sound);
    },
  );

  test(
    'behind gates, nothing installs before its wave, and no other release ever',
    { timeout: TIMEOUT_MS },
    async () => {
      const siteCount = Math.ceil(nodeCount / 9);
      const proof = await startFleet({ siteCount, failsOneOf: Infinity, isGated: true });
      const { devices } = proof;
      const updated = () => devices.filter(({ commit }) => commit !== oldCommit);
      const untouched = () => devices.filter(({ askCount }) => askCount === 0);
      for (const device of devices) device.offer('new');
      await proof.until(async () => (await proof.count('update=held staged=new')) === nodeCount);

      const away = devices.filter(({ site }) => site === 'site-1');
      await Promise.all(away.map((device) => device.stop()));
      await proof.until(async () => (await proof.count('state:late,offline label.site=site-1')) === away.length);
      const maxInFlight = Math.ceil(nodeCount / 3);
      const busiest = new Busiest(devices);
      onTestFinished(() => busiest.end());
      const id = await begin(proof, {
        command: { kind: 'update', commit: 'new', soakMs: 0 },
        waves: [{ size: { count: 1 }, gate: 'manual' }, { size: { percent: 60 } }, {}],
        limits: { maxInFlight, perGroup: { label: 'site', max: 2 }, failPercent: 50 },
      });

      const canaryIsOver = async () => (await rolloutOf(proof, id)).waveOverAtMs !== undefined;
      await proof.until(canaryIsOver);
      expect(updated().length).toBeLessThanOrEqual(1);
      expect(untouched()).toHaveLength(nodeCount - updated().length);

      await proof.fleet.approveRollout(proof.operator, id);
      await proof.until(() => updated().length > 1);
      await proof.killServers();
      await Promise.all(away.map((device) => proof.startAgent(device)));
      await proof.until(() => updated().length >= nodeCount / 3 && away.some(({ commit }) => commit === 'new'));
      // Those that have the command may be past the look at their target.
      const waiting = new Set(await membersIn(proof, id, ['held', 'deferred']));
      for (const device of devices) if (waiting.has(device.nodeId)) device.offer('newer');
      await proof.until(async () => (await rolloutOf(proof, id)).state === 'finished');

      expect(devices.filter(({ commit }) => commit === 'newer')).toEqual([]);
      expect(await membersIn(proof, id, ['succeeded'])).toEqual(updated().map(({ nodeId }) => nodeId));
      expect(updated().map(({ askCount }) => askCount)).toEqual(updated().map(() => 1));
      const left = await proof.fleet.listRolloutMembers(proof.operator, id, { states: ['skipped'], limit: 1000 });
      expect(left.length).toBe(nodeCount - updated().length);
      expect(new Set(left.map(({ reason }) => reason))).toEqual(new Set(['other-release']));
      expect(busiest.site).toBeLessThanOrEqual(2);
      expect(busiest.all).toBeLessThanOrEqual(maxInFlight);
    },
  );
}

async function begin(proof: ProofFleet, rollout: Omit<NewRollout, 'id' | 'name' | 'selector'>): Promise<string> {
  const id = ROLLOUT_ID;
  await proof.fleet.createRollout(proof.operator, { id, name: 'proof', selector: '', ...rollout });
  await proof.fleet.startRollout(proof.operator, id);
  return id;
}

function rolloutOf({ fleet, operator }: ProofFleet, id: string): Promise<Rollout> {
  return fleet.getRollout(operator, id);
}

async function inFlight(proof: ProofFleet, id: string): Promise<number> {
  const { counts } = await rolloutOf(proof, id);
  return counts.reduce((sum, { offered, running }) => sum + offered + running, 0);
}

/** In the order of node IDs, which is that of the devices. */
async function membersIn({ fleet, operator }: ProofFleet, id: string, states: MemberState[]): Promise<string[]> {
  const members = await fleet.listRolloutMembers(operator, id, { states, limit: 1000 });
  return members.map(({ nodeId }) => nodeId);
}

async function eventsOf({ fleet, operator }: ProofFleet): Promise<FleetEvent[]> {
  const kinds = ['rollout-member-moved', 'rollout-paused'] as const;
  return fleet.listEvents(operator, { kinds, after: 0, limit: 1000 });
}

function offersAfterPause(events: readonly FleetEvent[]): FleetEvent[] {
  const pausedAt = events.findIndex(({ kind }) => kind === 'rollout-paused');
  return events
    .slice(pausedAt)
    .filter((event) => event.kind === 'rollout-member-moved' && event.details.to === 'offered');
}
