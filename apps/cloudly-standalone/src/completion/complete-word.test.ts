import { expectedWord } from '@serve.zone/baseos-command-line';
import { expect, test } from 'vitest';
import { commandContext } from '../../test/run-command.js';
import { mainCommand } from '../commands/main.js';
import { completeWord } from './complete-word.js';

const names = ['Gate 1', 'shop-a-till-7', 'shop-b', 'forged\nline'];

async function complete(...words: string[]) {
  const typed = words.at(-1) ?? '';
  const expected = await expectedWord(mainCommand(commandContext()), words.slice(0, -1), typed);
  const { kind, words: offered } = await completeWord(expected, typed, {
    nodes: async (beginning) =>
      names.filter((name) => name.startsWith(beginning)).map((name) => ({ name, description: 'online' })),
    rollouts: async () => [{ name: 'autumn', description: 'draft' }],
    views: async () => [{ name: 'Late', description: 'state:late' }],
  });
  return [kind, ...offered.map(({ name }) => name)];
}

test.each([
  [['comp'], ['words', 'completion']],
  [
    ['completion', ''],
    ['words', 'bash', 'zsh'],
  ],
  [
    ['node', 're'],
    ['words', 'rename', 'revoke', 'rebind', 'resolve'],
  ],
  [
    ['node', 'show', ''],
    ['words', 'Gate 1', 'shop-a-till-7', 'shop-b'],
  ],
  [
    ['node', 'revoke', 'sh'],
    ['words', 'shop-a-till-7', 'shop-b'],
  ],
  [
    ['node', 'revoke', 'st'],
    ['open', 'state=', 'staged=', 'storage<'],
  ],
  [
    ['node', 'revoke', 'x', '--y'],
    ['words', '--yes'],
  ],
  [
    ['node', 'list', 'la'],
    ['open', 'label.'],
  ],
  [
    ['node', 'list', 'name~a', '-approval=p'],
    ['words', '-approval=pending'],
  ],
  [
    ['node', 'list', 'label.a=b -approval:pending,re'],
    ['words', 'label.a=b -approval:pending,revoked'],
  ],
  [
    ['rollout', 'start', ''],
    ['words', 'autumn'],
  ],
  [['node', 'list', 'hostname=a'], ['words']],
  [
    ['node', 'list', '--sort=-se'],
    ['words', '--sort=-seen'],
  ],
  [
    ['node', 'list', '--view', ''],
    ['words', 'Late'],
  ],
  [
    ['node', 'list', '--columns', 'name,up'],
    ['words', 'name,update'],
  ],
  [['node', 'list', '--data', '/v'], ['files']],
  [
    ['node', 'command', 'shop-b', 'star'],
    ['words', 'start-service'],
  ],
  [
    ['node', 'updates', 'shop-b', 'g'],
    ['words', 'gated'],
  ],
  [
    ['events', '--kind', 'node-late,view-'],
    ['words', 'node-late,view-saved', 'node-late,view-removed'],
  ],
  [
    ['serve', '--log-format', ''],
    ['words', 'pretty', 'json'],
  ],
  [['nodes', ''], ['words']],
])('%j goes on with %j', async (words, offered) => {
  expect(await complete(...words)).toEqual(offered);
});
