import { createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinTokenForm } from './join-token-form.js';

const tokens = await Promise.all(
  Array.from({ length: 50 }, async () => (await createJoinToken(createMemoryStore())).joinToken),
);

describe('the form of a join token', () => {
  it('is right for those that Cloudly makes', () => {
    expect(tokens.map(joinTokenForm)).toEqual(tokens.map(() => 'well-formed'));
  });

  it('is wrong once any character of it is another one, is missing, or is there twice', () => {
    const character = fc.stringMatching(/^[\dA-Za-z]$/);
    fc.assert(
      fc.property(fc.constantFrom(...tokens), fc.nat(), character, (token, seed, other) => {
        const place = 4 + (seed % (token.length - 4));
        const [before, after] = [token.slice(0, place), token.slice(place + 1)];
        fc.pre(token.charAt(place) !== other);
        expect(joinTokenForm(before + other + after)).toBe('mistyped');
        expect(joinTokenForm(before + after)).toBe('mistyped');
        expect(joinTokenForm(before + token.charAt(place) + token.slice(place))).toBe('mistyped');
      }),
    );
  });

  it('is foreign for whatever begins otherwise', () => {
    fc.assert(fc.property(fc.string(), (text) => joinTokenForm(`x${text}`) === 'foreign'));
    expect(joinTokenForm('')).toBe('foreign');
  });
});
