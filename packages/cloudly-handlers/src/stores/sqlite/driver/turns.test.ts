import { setImmediate as aTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from './turns.js';

test('changes one after the other leave the thread to others in between', async () => {
  const { write } = createTurns(1000, 0);
  let isOthersTurn = false;
  const others = aTurn().then(() => (isOthersTurn = true));
  await write(() => undefined);
  expect(isOthersTurn).toBe(false);
  await write(() => undefined);
  expect(isOthersTurn).toBe(true);
  await others;
});

test('a change is done at once after a pause, and in order within a slice', async () => {
  const { write } = createTurns(1000, 0);
  const done: string[] = [];
  const change = (name: string) => write(() => void done.push(name));
  const first = change('a');
  expect(done).toEqual(['a']);
  await Promise.all([first, change('b'), change('c')]);
  expect(done).toEqual(['a', 'b', 'c']);
  await aTurn();
  void change('d');
  expect(done).toEqual(['a', 'b', 'c', 'd']);
});

test('what waits is done at the end, unless it is still in the way of another process', async () => {
  const { write, end } = createTurns(1000, 0);
  await write(() => undefined);
  const waiting = write(() => 'done');
  const held = write(() => {
    throw Object.assign(new Error('database is locked'), { errcode: 5 });
  });
  end(new Error('ended'));
  expect(await waiting).toBe('done');
  await expect(held).rejects.toThrow('ended');
});
