import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from './secret.js';

describe('a secret', () => {
  const secret = new Secret('canary');

  test('is shown nowhere', () => {
    const shown = [
      String(secret),
      ['with', secret].join(' '),
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true, depth: 9 }),
      inspect(Object.assign(new Error('failed', { cause: secret }), { secret })),
      JSON.stringify(structuredClone(secret)),
    ];
    expect(shown.join()).not.toContain('canary');
    expect(shown.slice(0, 3)).toEqual(['[redacted]', 'with [redacted]', '{"secret":"[redacted]"}']);
  });

  test('is revealed to a caller that asks for it by name', () => {
    expect(secret.reveal()).toBe('canary');
  });

  test('equals another one that hides the same value', () => {
    expect(secret.equals(new Secret('canary'))).toBe(true);
    expect(secret.equals(new Secret('other'))).toBe(false);
    expect(secret.equals(undefined)).toBe(false);
  });
});
