import { type Faults } from './fault.js';

export const listFaults: Faults = {
  'goes on after the value of the last node, and leaves out those that have the same': {
    breaks: ['lists nodes in every order'],
    operator: (operator) => ({
      async listFleet(query) {
        const { next, ...page } = await operator.listFleet(query);
        const edge = query.sort.isDescending ? '' : '~';
        return { ...page, ...(next && { next: { ...next, nodeId: query.sort.by === 'id' ? next.nodeId : edge } }) };
      },
    }),
  },
  'matches no node without a value where a term is negated': {
    breaks: ['lists and counts the nodes that a selector matches'],
    operator: (operator) => ({
      listFleet: ({ selector, ...query }) =>
        operator.listFleet({
          ...query,
          selector: {
            terms: selector.terms.flatMap((term) =>
              term.field === 'type' && term.isNot ? [term, { field: 'type', isNot: true, anyOf: [] } as const] : [term],
            ),
          },
        }),
    }),
  },
  'counts without a limit': {
    breaks: ['counts up to a limit'],
    operator: (operator) => ({ countFleet: (query) => operator.countFleet({ ...query, max: 1e9 }) }),
  },
  'counts only nodes that have a value': {
    breaks: ['counts nodes by every field'],
    operator: (operator) => ({
      countFleetBy: async (...query) => (await operator.countFleetBy(...query)).filter(({ value }) => value !== ''),
    }),
  },
  'lists the most frequent label first': {
    breaks: ['counts the keys of labels'],
    operator: (operator) => ({
      countLabelKeys: async (limit) =>
        (await operator.countLabelKeys(1000)).toSorted((one, other) => other.count - one.count).slice(0, limit),
    }),
  },
  'finds other nodes, too, by their IDs': {
    breaks: ['finds nodes by their IDs'],
    operator: (operator) => ({
      findFleetNodes: (ids) => operator.findFleetNodes(ids.length > 1 ? [...ids, 'n00'] : ids),
    }),
  },
  'finds nodes whose ID begins so, although others are named so': {
    breaks: ['finds the nodes that a text names'],
    operator: (operator) => ({
      async findNodesNamed(text, limit) {
        const named = await operator.findNodesNamed(text, limit);
        return text === 'uuid4' ? named.filter(({ facts }) => facts.nodeId.startsWith(text)) : named;
      },
    }),
  },
};
