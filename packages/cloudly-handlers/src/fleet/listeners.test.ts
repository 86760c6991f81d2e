import { expect, test } from 'vitest';
import { createListeners } from './listeners.js';

test('one that throws keeps nobody else from hearing', () => {
  const heard: string[] = [];
  const listeners = createListeners<[word: string]>();
  listeners.add(() => {
    throw new Error('a broken listener');
  });
  listeners.add((word) => void heard.push(word));
  listeners.tell('news');
  expect(heard).toEqual(['news']);
});

test('one that was added twice hears twice, and each ends alone', () => {
  const heard: string[] = [];
  const listeners = createListeners<[word: string]>();
  const hear = (word: string): void => void heard.push(word);
  const end = listeners.add(hear);
  listeners.add(hear);
  listeners.tell('one');
  end();
  end();
  listeners.tell('two');
  expect(heard).toEqual(['one', 'one', 'two']);
});
