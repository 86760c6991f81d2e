import type { Doorbell } from '../../fleet/doorbell.js';
import { behaviour, type NodeStoreBehaviour, sharedBehaviour } from './behaviour.js';

/** The promises of a doorbell. A store that has none, or whose doorbell says that it is not heard, keeps them. */
export function doorbellBehavioursWithin(withinMs: number): readonly NodeStoreBehaviour[] {
  const expectHeard = async (ear: Ear, doorbell: Doorbell, nodeIds: readonly string[]): Promise<void> => {
    // One that begins to listen may be told that rings were lost, which is no proof that it hears the others.
    await doorbell.ring('first');
    await untilHeard(ear, 'first', 0, withinMs);
    const since = ear.heard.length;
    for (const nodeId of nodeIds) await doorbell.ring(nodeId);
    for (const nodeId of nodeIds) await untilHeard(ear, nodeId, since, withinMs);
  };

  return [
    behaviour('is heard by all who listen in its own process', async ({ doorbell }) => {
      if (!doorbell || !(await doorbell.isHeard())) return;
      const ears = [listen(doorbell), listen(doorbell)];
      for (const ear of ears) await expectHeard(ear, doorbell, ['a', 'b']);
      for (const ear of ears) ear.stop();
    }),

    behaviour('is no longer heard by those who have stopped listening', async ({ doorbell }) => {
      if (!doorbell || !(await doorbell.isHeard())) return;
      const [leaving, staying] = [listen(doorbell), listen(doorbell)];
      await expectHeard(leaving, doorbell, ['a']);
      leaving.stop();
      const { length } = leaving.heard;
      await expectHeard(staying, doorbell, ['b']);
      staying.stop();
      if (leaving.heard.length > length)
        throw new Error('a ring: expected not to be heard after the listening has ended');
    }),

    behaviour('is heard again by who listens after nobody did', async ({ doorbell }) => {
      if (!doorbell) return;
      listen(doorbell).stop();
      await doorbell.ring('a');
      if (!(await doorbell.isHeard())) return;
      const ear = listen(doorbell);
      await expectHeard(ear, doorbell, ['b']);
      ear.stop();
    }),

    sharedBehaviour('is heard in another process, ring by ring', async ({ doorbell }, { doorbell: other }) => {
      if (!doorbell || !other || !(await doorbell.isHeard())) return;
      const ear = listen(doorbell);
      await expectHeard(
        ear,
        other,
        Array.from({ length: 40 }, (_, index) => `n${index}`),
      );
      ear.stop();
    }),
  ];
}

/** Long enough for a busy machine. */
export const doorbellBehaviours = doorbellBehavioursWithin(10_000);

/** One that listens. */
interface Ear {
  /** What it heard: node IDs, and `undefined` where any ring may have been lost. */
  heard: (string | undefined)[];
  onRing: () => void;
  stop(this: void): void;
}

function listen(doorbell: Doorbell): Ear {
  const ear: Ear = { heard: [], onRing: () => undefined, stop: () => undefined };
  ear.stop = doorbell.listen((nodeId) => {
    ear.heard.push(nodeId);
    ear.onRing();
  });
  return ear;
}

function untilHeard(ear: Ear, nodeId: string, since: number, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = new Error(`a ring for ${nodeId}: expected to be heard within ${withinMs} ms`);
    const timer = setTimeout(() => reject(late), withinMs);
    ear.onRing = () => {
      if (!ear.heard.slice(since).some((heard) => heard === undefined || heard === nodeId)) return;
      clearTimeout(timer);
      resolve();
    };
    ear.onRing();
  });
}
