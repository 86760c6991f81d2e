import type { BulkAction } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { describeAction } from './describe-action.js';

const actions: [BulkAction, toDo: string, done: string][] = [
  [{ kind: 'approve' }, 'approve them', 'approved'],
  [{ kind: 'revoke' }, 'revoke them', 'revoked'],
  [{ kind: 'unrevoke' }, 'lift the revocation of them', 'no longer revoked'],
  [{ kind: 'forget' }, 'forget them', 'forgotten'],
  [{ kind: 'rotate-token' }, 'replace the tokens of them', 'to get new tokens'],
  [{ kind: 'set-updates', updatesMode: 'gated' }, 'set the updates of them to gated', 'set to gated'],
  [{ kind: 'label', labels: { shop: 'a', canary: null } }, 'label them with shop=a canary-', 'labelled'],
  [
    { kind: 'command', order: { kind: 'restart-service', service: 'till' } },
    'send them the command restart-service of till',
    'sent the command',
  ],
];

test.each(actions)('%j is to %s, and then they are %s', (action, toDo, done) => {
  const words = describeAction(action);
  expect([words.toDo('them'), words.done]).toEqual([toDo, done]);
});
