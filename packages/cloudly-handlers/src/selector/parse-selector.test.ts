import { isDeepStrictEqual } from 'node:util';
import { array, assert, constantFrom, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySelector } from '../../test/fixtures/any-selector.js';
import { formatScope, formatSelector } from './format-selector.js';
import { parseScope, parseSelector, selectorLimits } from './parse-selector.js';
import { isSelectorError } from './selector-error.js';
import { selectorFields } from './selector-fields.js';

function termsOf(text: string) {
  return parseSelector(text).terms;
}

function mistakeIn(parse: () => unknown): { message: string; column: number; remedy: string } {
  try {
    parse();
  } catch (error) {
    if (isSelectorError(error)) return { message: error.message, column: error.column, remedy: error.remedy };
    throw error;
  }
  throw new Error('There was no mistake');
}

function isReadOrRefused(text: string): boolean {
  try {
    const selector = parseSelector(text);
    return isDeepStrictEqual(parseSelector(formatSelector(selector)), selector);
  } catch (error) {
    if (!isSelectorError(error)) throw error;
    return error.column > 0 && error.column <= text.length + 1;
  }
}

describe('a selector', () => {
  test('selects all nodes without a term', () => {
    expect(termsOf('')).toEqual([]);
    expect(termsOf(' \t\n')).toEqual([]);
  });

  test('may call the commit what people call it', () => {
    expect(termsOf('release:0a1b,2c -release=')).toEqual(termsOf('commit=0a1b,2c commit!='));
  });

  test('is read term by term', () => {
    expect(
      termsOf('state:offline label.site=berlin agent<0.3 commit!=abc name~gate- seen>2d -label.canary free words'),
    ).toEqual([
      { field: 'state', anyOf: ['offline'], isNot: false },
      { field: 'label', key: 'site', anyOf: ['berlin'], isNot: false },
      { field: 'agent', comparison: '<', version: '0.3', isNot: false },
      { field: 'commit', anyOf: ['abc'], isNot: true },
      { field: 'name', contains: 'gate-', isNot: false },
      { field: 'seen', comparison: '>', durationMs: 2 * 86_400_000, isNot: false },
      { field: 'label', key: 'canary', isNot: true },
      { field: 'words', contains: 'free', isNot: false },
      { field: 'words', contains: 'words', isNot: false },
    ]);
  });

  test.each(Object.entries(selectorFields))('has the field %s as its example writes it', (name, { example }) => {
    expect(termsOf(example)).toMatchObject([{ field: name }]);
  });

  test('takes any of several values, = and : alike', () => {
    expect(termsOf('state:late,offline')).toEqual(termsOf('state=late,offline'));
    expect(termsOf('type="a, b",c')).toEqual([{ field: 'type', anyOf: ['a, b', 'c'], isNot: false }]);
  });

  test('takes the opposite by != or a minus, and undoes it by both', () => {
    expect(termsOf('-gate=open')).toEqual(termsOf('gate!=open'));
    expect(termsOf('-gate!=open')).toEqual(termsOf('gate=open'));
  });

  test('asks for nodes without a value by nothing after =', () => {
    expect(termsOf('name= label.site=')).toEqual([
      { field: 'name', anyOf: [], isNot: false },
      { field: 'label', key: 'site', anyOf: [], isNot: false },
    ]);
  });

  test('searches for what is quoted, or is no field', () => {
    expect(termsOf('"name=x" -"say \\"hi\\" \\\\" 10:30 Hello! küche')).toEqual([
      { field: 'words', contains: 'name=x', isNot: false },
      { field: 'words', contains: 'say "hi" \\', isNot: true },
      { field: 'words', contains: '10:30', isNot: false },
      { field: 'words', contains: 'Hello!', isNot: false },
      { field: 'words', contains: 'küche', isNot: false },
    ]);
  });

  test.each([
    ['stat:offline', 1, 'There is no field stat', 'Did you mean state? To search for the text, quote it.'],
    ['online colour=red', 8, 'There is no field colour', 'The fields are state, alert, name, label, '],
    ['labl.shop=a', 1, 'There is no field labl.shop', 'Did you mean label.shop? To search for the text, quote it.'],
    ['kiosk.local:8080', 1, 'There is no field kiosk.local', 'To search for the text, quote it.'],
    ['state:offlin', 7, 'state is never offlin', 'Did you mean offline?'],
    ['state=', 1, 'Every node has a value for state', 'Write one of pending, '],
    ['state~off', 6, 'state cannot be used with ~', 'Use = !=, as in state:late,offline.'],
    ['update=done', 8, 'update is never done', 'Use idle, downloading, held, installing, failed.'],
    ['name!~x', 5, 'There is no operator !~', 'Write "-" before the term and ~ in it for the opposite.'],
    ['label=site', 1, 'The key of the label is missing', 'Write it as label.site=berlin.'],
    ['label.a/b/c=1', 1, 'A label key has 1 to 63 letters', 'Write it as label.site=berlin'],
    ['label.site=ber_', 12, 'A label value has 1 to 63 letters', 'Correct the value.'],
    ['label.site>1', 11, 'label cannot be used with >', 'Use = !=, as in label.site=berlin.'],
    ['agent<new', 7, 'new is no version', 'Write one such as 1.2 or 6.0.24.'],
    ['agent<1,2', 9, 'Only one value can be compared', 'Quote a text that contains a comma.'],
    ['name~', 1, 'A value is missing', 'Write it right after the sign, without a space.'],
    ['seen>2', 6, '2 is no duration', 'Write a number and its unit: 90s, 30m, 12h, 2d or 1w.'],
    ['seen=2d', 5, 'seen cannot be used with =', 'Use < >, as in seen>2d.'],
    ['storage<101', 9, '101 is no percentage', 'Write a whole number from 0 to 100.'],
    ['type=a,,b', 8, 'A value is missing', 'Write a value on both sides of each comma'],
    ['type=a,', 8, 'A value is missing', 'Write a value on both sides of each comma'],
    ['type=""', 6, 'A value is missing', 'Write a value on both sides of each comma'],
    ['type="a', 6, 'A quoted text does not end', 'Add the closing quote.'],
    ['type="a"b', 9, 'Unexpected b', 'Separate terms by spaces'],
    ['😀 -', 4, 'A term is empty', 'Write what to search'],
    ['""', 1, 'A term is empty', 'Write what to search'],
    ['late OR offline', 6, 'There is no OR in selectors', 'All terms must match.'],
    ['a\u0000', 2, 'There is a character that no text has', 'Remove the character'],
    ['a\uD800', 2, 'There is a character that no text has', 'Remove the character'],
  ])('%j: the mistake at %d is told, and what to do', (text, column, message, remedy) => {
    const mistake = mistakeIn(() => parseSelector(text));
    expect(mistake).toMatchObject({ column });
    expect(mistake.message).toContain(message);
    expect(mistake.remedy).toContain(remedy);
  });

  test('whatever is typed, is read or refused', () => {
    const piece = constantFrom(
      ...Array.from('-!=<>~:,."\\ \tAa1'),
      'label.',
      'state',
      'name',
      'agent',
      'seen',
      'storage',
      '2d',
      '😀',
    );
    assert(
      property(array(piece, { maxLength: 30 }), (pieces) => {
        expect(isReadOrRefused(pieces.join(''))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('is written as it is read', () => {
    assert(
      property(anySelector, (selector) => {
        expect(parseSelector(formatSelector(selector))).toEqual(selector);
      }),
    );
  });

  test('of any well-formed text in quotes is that text', () => {
    assert(
      property(tuple(string({ unit: 'binary', minLength: 1, maxLength: 20 })), ([text]) => {
        const contains = text.toWellFormed().replaceAll('\u0000', '?');
        const selector = { terms: [{ field: 'words', contains, isNot: false }] } as const;
        expect(parseSelector(formatSelector(selector))).toEqual(selector);
      }),
    );
  });

  test('has limits that every text keeps', () => {
    expect(termsOf('a'.repeat(selectorLimits.lengthMax))).toHaveLength(1);
    expect(termsOf('a '.repeat(selectorLimits.termsMax))).toHaveLength(selectorLimits.termsMax);
    expect(mistakeIn(() => parseSelector('a'.repeat(1001)))).toMatchObject({
      message: 'A selector has at most 1000 characters',
      column: 1001,
    });
    expect(mistakeIn(() => parseSelector('a '.repeat(33)))).toMatchObject({
      message: 'There are more than 32 terms',
      column: 65,
    });
  });
});

describe('a scope', () => {
  test('consists of label terms, and is written as it is read', () => {
    const text = 'label.site=berlin,paris -label.secret label.example.com/floor';
    expect(parseScope(text).terms).toHaveLength(3);
    expect(formatScope(parseScope(text))).toBe(text);
  });

  test.each([
    ['label.site=berlin name~x', 19, 'A scope consists of labels alone'],
    ['', 1, 'A node without labels would be in this scope'],
    ['-label.secret', 1, 'A node without labels would be in this scope'],
    ['label.site!=berlin', 1, 'A node without labels would be in this scope'],
    ['label.site=', 1, 'A node without labels would be in this scope'],
    ['label.site=berlin words', 19, 'A scope consists of labels alone'],
  ])('%j is none', (text, column, message) => {
    expect(mistakeIn(() => parseScope(text))).toMatchObject({ column, message });
  });
});
