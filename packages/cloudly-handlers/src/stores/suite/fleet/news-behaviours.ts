import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { addNode, nodeRecord } from '../fixtures.js';
import { allEvents, setProfile } from './fleet-fixtures.js';

/** That readers of events need not ask again and again. */
export function newsBehavioursWithin(withinMs: number): readonly FleetStoreBehaviour[] {
  return [
    behaviour('has news soon after something happens', async (store: FleetStore) => {
      const news = listenForNews(store, withinMs);
      await addNode(store, nodeRecord('n'));
      await news.heard;
      expectEqual(
        'what there is',
        (await allEvents(store)).map(({ kind }) => kind),
        ['join-token-created', 'node-registered'],
      );
    }),

    sharedBehaviour('has news soon after something happens in another process', async (store: FleetStore, other) => {
      await addNode(store, nodeRecord('n'));
      const news = listenForNews(other, withinMs);
      await setProfile(store, 'n', { name: 'Gate' });
      await news.heard;
      expectEqual('what there is', (await allEvents(other)).at(-1)?.kind, 'node-named');
    }),
  ];
}

/** Long enough for a busy machine. */
export const newsBehaviours = newsBehavioursWithin(10_000);

function listenForNews(store: FleetStore, withinMs: number): { heard: Promise<void> } {
  const heard = new Promise<void>((resolve, reject) => {
    const late = new Error(`news: expected within ${withinMs} ms, but got none`);
    const timer = setTimeout(() => reject(late), withinMs);
    const stop = store.onNews(() => {
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
  return { heard };
}
