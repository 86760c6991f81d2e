import { unscoped, type Fault, type Faults } from './fault.js';

export const scopeFaults: Faults = {
  ...Object.fromEntries(
    (
      [
        'findNode',
        'replaceNode',
        'removeNode',
        'findStatus',
        'listHistory',
        'addCommand',
        'findCommand',
        'cancelCommand',
        'listCommands',
        'findFleetNodes',
        'findNodesNamed',
        'findProfile',
        'replaceProfile',
        'listEvents',
      ] as const
    ).map((name) => [
      `does not heed the scope with ${name}`,
      { breaks: [`lets ${name} neither find`], operator: unscoped(name) } satisfies Fault,
    ]),
  ),
  'does not heed the scope with listFleet': {
    breaks: ['lists and counts what is in scope'],
    operator: unscoped('listFleet'),
  },
  'does not heed the scope with countFleet': {
    breaks: ['lists and counts what is in scope'],
    operator: unscoped('countFleet'),
  },
  'does not heed the scope with countFleetBy': {
    breaks: ['lists and counts what is in scope'],
    operator: unscoped('countFleetBy'),
  },
  'does not heed the scope with countLabelKeys': {
    breaks: ['lists and counts what is in scope'],
    operator: unscoped('countLabelKeys'),
  },
  'does not heed the scope with addBulkJob': {
    breaks: ['lists and counts what is in scope', 'shows those with a scope their own jobs'],
    operator: unscoped('addBulkJob'),
  },
  'shows events of nodes that are out of scope': {
    breaks: ['shows the events of nodes in scope'],
    operator: unscoped('listEvents'),
  },
  'lets people label nodes out of their scope': {
    breaks: ['lets nobody label a node out'],
    operator: unscoped('replaceProfile'),
  },
  'takes a label that a node must not have for one that it must have': {
    breaks: ['knows scopes of several terms'],
    store: (store) => ({
      as: ({ scope, ...by }) =>
        store.as({ ...by, ...(scope && { scope: { terms: scope.terms.map((term) => ({ ...term, isNot: false })) } }) }),
    }),
  },
  'shows join tokens out of scope': { breaks: ['shows and makes join tokens'], operator: unscoped('listJoinTokens') },
  'makes join tokens out of scope': { breaks: ['shows and makes join tokens'], operator: unscoped('addJoinToken') },
  'revokes join tokens out of scope': {
    breaks: ['shows and makes join tokens'],
    operator: unscoped('revokeJoinToken'),
  },
};
