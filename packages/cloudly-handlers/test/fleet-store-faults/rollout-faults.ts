import type { OperatorStore } from '../../src/fleet-store/fleet-store.js';
import type { SeenMember } from '../../src/fleet-store/rollout-member.js';
import type { RolloutChange, SeenMemberQuery } from '../../src/fleet-store/rollout-store.js';
import type { Rollout } from '../../src/fleet-store/rollout.js';
import { byId, type Faults, type OperatorFault, unscoped } from './fault.js';

export const rolloutFaults: Faults = {
  'keeps changes of old readings of a rollout': {
    breaks: ['adds a rollout once', 'keeps nothing of a change that follows'],
    operator: (operator) => ({
      async changeRollout(change) {
        const { revision = 0 } = (await operator.findRollout(change.rollout.id)) ?? {};
        return operator.changeRollout({ ...change, rollout: { ...change.rollout, revision } });
      },
    }),
  },
  'says that it keeps every change of a rollout': {
    breaks: ['lets one of two changes of one reading'],
    operator: (operator) => ({
      async changeRollout(change) {
        await operator.changeRollout(change);
        return true;
      },
    }),
  },
  'keeps the rollout that it was given, rather than a copy': {
    breaks: ['accepts and returns rollouts'],
    operator: sharingRollouts(),
  },
  'lists the oldest rollouts first': {
    breaks: ['lists rollouts, the newest first'],
    operator: (operator) => ({ listRollouts: async (query) => (await operator.listRollouts(query)).toReversed() }),
  },
  'lists rollouts that have settled': {
    breaks: ['lists rollouts, the newest first'],
    operator: (operator) => ({
      listRollouts: ({ isUnsettled: _ignored, ...query }) => operator.listRollouts(query),
    }),
  },
  ...unscopedFaults(
    ['findRollout', 'listRollouts', 'readMembers', 'listMembers', 'findMemberships', 'findNewMembers', 'changeRollout'],
    'shows those with a scope their own rollouts',
  ),
  'keeps old rollouts': {
    breaks: ['drops drafts after 90 days'],
    store: () => ({ tidy: async () => false }),
  },
  'forgets why a member is where it is': {
    breaks: ['keeps members as they become'],
    operator: (operator) => ({
      listMembers: async (...query) =>
        (await operator.listMembers(...query)).map(({ reason: _forgotten, ...member }) => member),
    }),
  },
  'replaces members that are there by new ones': {
    breaks: ['adds members that are not there'],
    operator: changing(({ added = [], members, ...change }) => ({ ...change, members: [...added, ...members] })),
  },
  'never removes members': {
    breaks: ['adds members that are not there'],
    operator: changing(({ isCleared: _ignored, ...change }) => change),
  },
  'shows a plan no commands': {
    breaks: ['shows a plan the members in flight', 'shows every process'],
    operator: reading(({ command: _hidden, ...seen }) => seen),
  },
  'finds held members whose groups are full': {
    breaks: ['finds held members by their ranks'],
    operator: asking((query) => (query.which === 'held' ? { ...query, withoutGroups: [] } : query)),
  },
  'finds deferred members that are still away': {
    breaks: ['finds deferred members whose nodes are back'],
    operator: listing('back', 'deferred'),
  },
  'finds the members first that were deferred last': {
    breaks: ['finds members that were deferred for too long'],
    operator: (operator) => ({
      async readMembers(rolloutId, query) {
        const seen = await operator.readMembers(rolloutId, query);
        return query.which === 'overdue' ? seen.toReversed() : seen;
      },
    }),
  },
  'finds unknown members without a result': {
    breaks: ['finds members by what became of them'],
    operator: listing('late', 'unknown'),
  },
  'loses the members of nodes that are forgotten': {
    breaks: ['keeps the members of nodes that are forgotten'],
    operator: (operator) => ({
      readMembers: async (...query) => (await operator.readMembers(...query)).filter(({ node }) => node),
    }),
  },
  'finds the newest memberships first': {
    breaks: ['finds the memberships of a node'],
    operator: (operator) => ({
      findMemberships: async (nodeId) => (await operator.findMemberships(nodeId)).toReversed(),
    }),
  },
  'finds members among new nodes': {
    breaks: ['finds nodes that a selector matches and that are no members'],
    operator: (operator) => ({
      async findNewMembers(_rolloutId, selector, limit) {
        const { nodes } = await operator.listFleet({ selector, sort: byId, limit });
        return nodes.map(({ facts }) => facts.nodeId);
      },
    }),
  },
  'tells nothing of a rollout': {
    breaks: ['queues the commands that a change offers'],
    operator: changing((change) => ({ ...change, events: [] })),
  },
  'leaves out an offer that it cannot make': {
    breaks: ['offers a node nothing that it does not have'],
    operator: (operator) => ({
      changeRollout: async (change) =>
        (await operator.changeRollout(change)) || operator.changeRollout({ ...change, offered: [] }),
    }),
  },
  'withdraws no commands': {
    breaks: [
      'withdraws commands that no answer',
      'keeps nothing of a change that withdraws',
      'withdraws a command or has',
    ],
    operator: changing((change) => ({ ...change, withdrawn: [] })),
  },
  'cancels no commands': {
    breaks: ['cancels commands that were listed'],
    operator: changing((change) => ({ ...change, cancelled: [] })),
  },
  'holds no node': {
    breaks: ['lets one rollout hold a node', 'lets one of two rollouts hold'],
    operator: changing((change) => ({
      ...change,
      members: change.members.map((member) => ({ ...member, isHolding: false })),
    })),
  },
  'holds nodes for ever': {
    breaks: ['releases members that have no command'],
    operator: changing(({ isReleased: _ignored, ...change }) => change),
  },
  'shows other processes no rollouts': {
    breaks: ['shows every process'],
    other: (store) => ({ as: (by) => ({ ...store.as(by), findRollout: async () => undefined }) }),
  },
};

function changing(alter: (change: RolloutChange) => RolloutChange): OperatorFault {
  return (operator) => ({ changeRollout: (change) => operator.changeRollout(alter(change)) });
}

function reading(alter: (seen: SeenMember) => SeenMember): OperatorFault {
  return (operator) => ({ readMembers: async (...query) => (await operator.readMembers(...query)).map(alter) });
}

function asking(alter: (query: SeenMemberQuery) => SeenMemberQuery): OperatorFault {
  return (operator) => ({ readMembers: (rolloutId, query) => operator.readMembers(rolloutId, alter(query)) });
}

/** Answers one question by the state of members alone. */
function listing(which: SeenMemberQuery['which'], state: 'deferred' | 'unknown'): OperatorFault {
  return (operator) => ({
    async readMembers(rolloutId, query) {
      if (query.which !== which) return operator.readMembers(rolloutId, query);
      const members = await operator.listMembers(rolloutId, { states: [state], limit: 100 });
      return members.map((member) => ({ member }));
    },
  });
}

function sharingRollouts(): OperatorFault {
  const shared = new Map<string, Rollout>();
  return (operator) => ({
    changeRollout(change) {
      shared.set(change.rollout.id, change.rollout);
      return operator.changeRollout(change);
    },
    findRollout: async (rolloutId) => shared.get(rolloutId),
  });
}

function unscopedFaults(names: readonly (keyof OperatorStore)[], broken: string): Faults {
  return Object.fromEntries(
    names.map((name) => [
      `lets everybody call ${name} of all rollouts`,
      { breaks: [broken], operator: unscoped(name) },
    ]),
  );
}
