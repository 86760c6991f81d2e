import { expect, test } from 'vitest';
import { cliCaller, userName } from './caller.js';

test('whoever runs a command may do everything, by their name', () => {
  expect(cliCaller({})).toEqual({ actor: expect.stringMatching(/^cli:./), role: 'admin' });
});

function nameless(): string {
  throw new Error('ENOENT');
}

test.each([
  ['alice', {}, 1000, () => 'alice'],
  ['alice', { SUDO_USER: 'alice' }, 0, () => 'root'],
  ['root', {}, 0, () => 'root'],
  ['root', { SUDO_USER: '' }, 0, () => 'root'],
  ['bob', { SUDO_USER: 'alice' }, 1001, () => 'bob'],
  ['1000', {}, 1000, nameless],
  ['unknown', {}, undefined, nameless],
])('%s is the user with %j and the ID %j', (name, env, userId, readName) => {
  expect(userName(env, userId, readName)).toBe(name);
});
