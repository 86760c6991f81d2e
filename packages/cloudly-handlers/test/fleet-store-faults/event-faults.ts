import type { FleetEvent } from '../../src/events/fleet-event.js';
import type { SavedView } from '../../src/fleet-store/saved-view.js';
import { everyNode } from '../../src/stores/suite/fleet/fleet-fixtures.js';
import { byId, perStore, type Faults, type OperatorFault } from './fault.js';

export const eventFaults: Faults = {
  'forgets who did something': {
    breaks: ['tells what happens to a node', 'hands over what this process has written'],
    store: (store) => ({
      as: (by) => ({ ...store.as({ ...by, actor: 'system' }), listEvents: (query) => store.as(by).listEvents(query) }),
    }),
  },
  'says that everything happens now': {
    breaks: ['says when something happened'],
    operator: events((event) => ({ ...event, atMs: 5 })),
  },
  'tells of views that are removed, although there are none': {
    breaks: ['tells nothing of what does not happen'],
    operator: (operator) => ({
      async removeView(viewId) {
        const isThere = await operator.removeView(viewId);
        if (!isThere) await operator.saveView({ id: viewId } as SavedView);
        return isThere;
      },
    }),
  },
  'lists the event after which it should begin': {
    breaks: ['numbers events one by one'],
    operator: (operator) => ({
      listEvents: ({ after, ...query }) =>
        operator.listEvents({ ...query, ...(after !== undefined && { after: Math.max(0, after - 1) }) }),
    }),
  },
  'lists events of every kind': {
    breaks: ['lists events of some kinds'],
    operator: (operator) => ({ listEvents: ({ kinds: _ignored, ...query }) => operator.listEvents(query) }),
  },
  'lists events of the fleet among those of nodes': {
    breaks: ['lists events of some kinds'],
    operator: (operator) => ({ listEvents: ({ isOfNode: _ignored, ...query }) => operator.listEvents(query) }),
  },
  'lists audit events among those of everyday': {
    breaks: ['lists events of some kinds'],
    operator: (operator) => ({
      listEvents: ({ isAudit, ...query }) => operator.listEvents({ ...query, isAudit: isAudit || undefined }),
    }),
  },
  'shows what happened to the node that had an ID before': {
    breaks: ['begins the timeline of a node', 'hides what happened to the node that had an ID before'],
    operator: (_operator, { scope, ...by }, store) => ({
      async listEvents({ nodeId, limit, ...query }) {
        const visible = await store.as({ ...by, scope }).listFleet({ selector: everyNode, sort: byId, limit: 100 });
        const ids = scope ? visible.nodes.map(({ facts }) => facts.nodeId) : undefined;
        const all = await store.as(by).listEvents({ ...query, limit: 1000 });
        return all
          .filter((event) => (ids?.includes(event.nodeId ?? '') ?? true) && (nodeId ?? event.nodeId) === event.nodeId)
          .slice(0, limit);
      },
    }),
  },
  'hands nothing over': {
    breaks: ['hands over what this process has written'],
    store: () => ({ onWritten: () => () => undefined }),
  },
  'never has news': {
    breaks: ['has news soon after something happens', 'has news soon after something happens in another process'],
    store: () => ({ onNews: () => () => undefined }),
  },
  'shows an event before the one that comes first': {
    breaks: ['has one order of events', 'shows an event to every process'],
    operator: hidingAtFirst(),
  },
  'has another epoch at every call': {
    breaks: ['has an epoch', 'keeps its epoch'],
    store: () => ({ eventsEpoch: async () => globalThis.crypto.randomUUID() }),
  },
  'never changes its epoch': {
    breaks: ['has an epoch'],
    store: () => ({ eventsEpoch: async () => 'epoch' }),
  },
  'loses events when it is opened again': {
    breaks: ['keeps its epoch'],
    other: (store) => ({ as: (by) => ({ ...store.as(by), listEvents: async () => [] }) }),
  },
  'keeps everything forever': {
    breaks: ['drops events of everyday', 'drops jobs'],
    store: () => ({ tidy: async () => false }),
  },
  'drops everything after a year': {
    breaks: ['drops events of everyday'],
    store: (store) => ({ tidy: (nowMs) => store.tidy(nowMs + 365 * 24 * 3_600_000) }),
  },
};

function events(alter: (event: FleetEvent) => FleetEvent): OperatorFault {
  return (operator) => ({ listEvents: async (query) => (await operator.listEvents(query)).map(alter) });
}

/** As a sequence would, of which one is drawn and used later than the next. */
function hidingAtFirst(): OperatorFault {
  const seenIn = perStore(() => new Set<number>());
  return (operator, _by, store) => ({
    async listEvents(query) {
      const listed = await operator.listEvents(query);
      const seen = seenIn(store);
      const shown = listed.filter(({ position }) => position % 3 !== 0 || seen.has(position));
      for (const { position } of listed) seen.add(position);
      return shown;
    },
  });
}
