import { describe, expect, test } from 'vitest';
import { explainWait } from './explain-wait.js';

describe('the explanation of a wait', () => {
  test('names the pace in force', () => {
    expect(explainWait({ kind: 'interval' }, 45_000)).toBe('A heartbeat is due every 45 s.');
  });

  test.each([
    [1, 'The last call failed.'],
    [4, 'The last 4 calls failed.'],
  ])('counts the failures that led to it (%i)', (failures, words) => {
    expect(explainWait({ kind: 'backoff', failures }, 60_000)).toMatch(new RegExp(`five minutes\\. ${words}$`));
    expect(explainWait({ kind: 'retry-after', failures }, 60_000)).toMatch(
      new RegExp(`Retry-After\\)\\. .* ${words}$`),
    );
  });
});
