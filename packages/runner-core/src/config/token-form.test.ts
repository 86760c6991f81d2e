import { createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenForm } from './token-form.js';

const tokens = await Promise.all(
  Array.from({ length: 50 }, async () => (await createJoinToken(createMemoryStore())).joinToken),
);
const [token = ''] = tokens;
const ofAny = fc.constantFrom(...tokens);

function slipOf(text: string, expected: 'join' | 'node' = 'join') {
  const form = tokenForm(expected, text);
  return form.kind === 'slip' ? form.slip : form.kind;
}

describe('the form of a token', () => {
  test('is valid for the tokens that Cloudly makes', () => {
    expect(tokens.map((each) => slipOf(each))).toEqual(tokens.map(() => 'well-formed'));
  });

  test('is invalid if any one character is changed, missing or doubled', () => {
    const character = fc.stringMatching(/^[\dA-Za-z]$/);
    fc.assert(
      fc.property(ofAny, fc.nat(), character, (whole, seed, other) => {
        const place = 4 + (seed % (whole.length - 4));
        const [before, after] = [whole.slice(0, place), whole.slice(place + 1)];
        fc.pre(whole.charAt(place) !== other);
        expect(slipOf(before + other + after)).toBe('mistyped');
        expect(slipOf(before + after)).toBe('too-short');
        expect(slipOf(before + whole.charAt(place) + whole.slice(place))).toBe('too-long');
      }),
    );
  });

  test('is foreign for any text with another prefix and no token in it', () => {
    const other = fc.string().map((text) => `x${text.replaceAll(/[^\w.]/gu, '')}x1`);
    fc.assert(
      fc.property(other, (text) => {
        expect(slipOf(text)).toBe('foreign');
      }),
    );
  });

  test.each([
    ['a node token', 'bnt_0123456789a_secret', 'other-kind', /is a node token \(bnt_\.\.\.\) and not a join token/],
    ['an API token', 'bot_0123456789a_secret', 'other-kind', /is an API token of an operator \(bot_\.\.\.\) and not/],
    ['truncated at the end', token.slice(0, -9), 'too-short', /56 of the 65 characters/],
    ['truncated at the beginning', token.slice(2), 'too-short', /the beginning of the token is missing/],
    ['repeated', token + token, 'too-long', /130 characters/],
    ['behind other text', `token:${token}`, 'too-long', /other text before the token/],
    ['as the README writes it', 'bjt_...', 'placeholder', /placeholder/],
    ['an unexpanded variable', '${BASEOS_JOIN_TOKEN}', 'placeholder', /placeholder/],
    ['an empty template expansion', 'undefined', 'placeholder', /placeholder/],
    ['the path of its file', '/run/secrets/join-token', 'placeholder', /is a path, .* _FILE/],
    ['its file in curl’s notation', '@/etc/baseos/token', 'placeholder', /is a path, .* _FILE/],
    ['in base64', btoa(token), 'pasted', /in base64/],
    ['with its line end in base64', btoa(`${token}\n`).replaceAll('=', ''), 'pasted', /in base64/],
    ['in double quotes', `"${token}"`, 'pasted', /is in quotation marks/],
    ['in single quotes', `'${token}'`, 'pasted', /is in quotation marks/],
    ['in backticks', `\`${token}\``, 'pasted', /is in quotation marks/],
    ['in typographic quotes', `\u201c${token}\u201d`, 'pasted', /is in quotation marks/],
    ['in German quotes', `\u201e${token}\u201c`, 'pasted', /is in quotation marks/],
    ['before an unmatched quote', `${token}"`, 'pasted', /ends with a quotation mark/],
    ['with a Windows line end', `${token}\r`, 'pasted', /ends with a carriage return/],
    ['with a line end', `${token}\n`, 'pasted', /ends with a line break/],
    ['with a space before', ` ${token}`, 'pasted', /begins with a space/],
    ['with a no-break space', `${token}\u00a0`, 'pasted', /ends with the invisible character U\+00A0/],
    ['with a byte order mark', `\ufeff${token}`, 'pasted', /begins with the invisible character U\+FEFF/],
    ['with its name', `BASEOS_JOIN_TOKEN=${token}`, 'pasted', /repeats the name of the variable \(BASEOS_JOIN_TOKEN\)/],
    ['as a line of YAML', `- BASEOS_JOIN_TOKEN: ${token}`, 'pasted', /repeats the name of the variable/],
    [
      'as a line of a shell',
      `export BASEOS_JOIN_TOKEN="${token}"\r`,
      'pasted',
      /return.* and repeats .* and is in quot/,
    ],
    ['as a header', `Bearer ${token}`, 'pasted', /begins with the word "Bearer"/],
    ['in angle brackets', `<${token}>`, 'pasted', /is in angle brackets/],
  ])('that is %s is a typo: %s', (_what, text, slip, words) => {
    const form = tokenForm('join', text);
    expect(form).toMatchObject({ kind: 'slip', slip, clause: expect.stringMatching(words) });
    expect(JSON.stringify(form)).not.toContain(token.slice(16, 30));
  });

  test('of the other kind is reported in place of a node token', () => {
    expect(slipOf(token, 'node')).toBe('other-kind');
    expect(slipOf('a-token-of-the-legacy-agent', 'node')).toBe('foreign');
  });

  test('reports any characters copied around a token, but nothing of the token', () => {
    const around = fc.array(fc.constantFrom('"', "'", '`', ' ', '\t', '\r\n', '\u2019', '\u201c', '\u200b', '\ufeff'), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(ofAny, around, fc.boolean(), fc.boolean(), (whole, marks, before, after) => {
        fc.pre(before || after);
        const text = (before ? marks.join('') : '') + whole + (after ? marks.join('') : '');
        const form = tokenForm('join', text);
        expect(form).toMatchObject({ kind: 'slip', slip: 'pasted' });
        expect(JSON.stringify(form)).not.toContain(whole.slice(4));
      }),
    );
  });
});
