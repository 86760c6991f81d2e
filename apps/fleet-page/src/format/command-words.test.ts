import { expect, test } from 'vitest';
import { commandPhases, commandTitle } from './command-words.js';

function places(kind: string, phase: string): string[] {
  return commandPhases(kind, phase).map(({ word, place }) => `${word} ${place}`);
}

test('an update is in one phase, after those before it', () => {
  expect(places('update', 'installing')).toEqual([
    'Downloading past',
    'Installing current',
    'Restarting ahead',
    'Verifying ahead',
  ]);
});

test('a wait stands before what it waits for, and an unknown phase alone', () => {
  expect(places('reboot', 'waiting-for-lock')).toEqual(['Waiting for lock current', 'Restarting ahead']);
  expect(places('update', 'dancing')).toEqual(['Dancing current']);
});

test('a kind is written as people write', () => {
  expect(commandTitle('restart-service')).toBe('Restart service');
});
