import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import type { SavedView } from '../../../fleet-store/saved-view.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import { scribbleOver } from '../scribble-over.js';
import { ADA, asAda, BEN, by, lastPosition, scopeOf, toldSince } from './fleet-fixtures.js';

export const viewBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('keeps views, the oldest first, and tells what becomes of them', async (store: FleetStore) => {
    const operator = asAda(store);
    const before = await lastPosition(store);
    const [late, gates] = [view('b', { createdAtMs: NOW_MS + 1 }), view('a', { createdAtMs: NOW_MS + 2 })];
    expectEqual('added', [await operator.saveView(gates), await operator.saveView(late)], [true, true]);
    expectEqual('the list', await operator.listViews(), [late, gates]);
    expectEqual('replaced', await operator.saveView({ ...late, name: 'Late' }), true);
    expectEqual('then', (await operator.listViews())[0], { ...late, revision: 2, name: 'Late' });
    expectEqual('with an old revision', await operator.saveView({ ...late, name: 'Never' }), false);
    expectEqual('removed', await operator.removeView('a'), true);
    expectEqual('removed again', await operator.removeView('a'), false);
    expectEqual('what is left', await operator.listViews(), [{ ...late, revision: 2, name: 'Late' }]);
    const told = (kind: string, viewId: string, name: string) => ({ actor: ADA, kind, details: { viewId, name } });
    expectEqual('what is told', await toldSince(store, before), [
      told('view-saved', 'a', 'view a'),
      told('view-saved', 'b', 'view b'),
      told('view-saved', 'b', 'Late'),
      told('view-removed', 'a', 'view a'),
    ]);
  }),

  behaviour('accepts and returns views as copies', async (store: FleetStore) => {
    const operator = asAda(store);
    const saved = view('a');
    await operator.saveView(saved);
    saved.name = 'changed';
    scribbleOver(await operator.listViews());
    expectEqual('the list', await operator.listViews(), [view('a')]);
  }),

  behaviour(
    'shows those with a scope their own views alone, and lets them change no others',
    async (store: FleetStore) => {
      await asAda(store).saveView(view('a'));
      const ben = store.as(by(BEN, { scope: scopeOf('site', 'berlin') }));
      expectEqual('for Ben', await ben.listViews(), []);
      expectEqual('his', await ben.saveView(view('b', { createdBy: BEN })), true);
      expectEqual('now', await ben.listViews(), [view('b', { createdBy: BEN })]);
      expectEqual('replaced', await ben.saveView(view('a', { createdBy: BEN })), false);
      expectEqual('removed', await ben.removeView('a'), false);
      expectEqual(
        'for all',
        (await asAda(store).listViews()).map(({ id, createdBy }) => [id, createdBy]),
        [
          ['a', ADA],
          ['b', BEN],
        ],
      );
    },
  ),

  sharedBehaviour('adds a view once, and lets one change of it win', async (store: FleetStore, other) => {
    const save = (changes: Partial<SavedView>) =>
      Promise.all(
        [store, other].map((each, index) => asAda(each).saveView(view('a', { ...changes, name: `${index}` }))),
      );
    expectEqual('how many added it', (await save({ revision: 1 })).filter(Boolean).length >= 1, true);
    const [added] = await asAda(store).listViews();
    const outcomes = await save({ revision: added?.revision ?? 0 });
    expectEqual('the winners', outcomes.filter(Boolean).length, 1);
    const views = (await asAda(other).listViews()).map(({ id, name }) => ({ id, name }));
    expectEqual('the views', views, [{ id: 'a', name: `${outcomes.indexOf(true)}` }]);
  }),
];

function view(id: string, changes: Partial<SavedView> = {}): SavedView {
  return {
    id,
    revision: 1,
    name: `view ${id}`,
    selector: 'state:offline',
    sort: '-seen',
    columns: ['name', 'state'],
    createdBy: ADA,
    createdAtMs: NOW_MS,
    ...changes,
  };
}
