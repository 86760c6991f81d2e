import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportOf, type ExportedEntry } from '../../test/journal-export.js';
import { JournalExport } from './journal-export.js';

const maxEntryBytes = 1024 * 1024;

function encode(text: string) {
  return new TextEncoder().encode(text);
}

function read(bytes: Uint8Array, places: readonly number[] = [], limit = maxEntryBytes) {
  const journal = new JournalExport(limit);
  const offsets = [
    0,
    ...places.map((part) => Math.floor(part * bytes.byteLength)).toSorted((a, b) => a - b),
    bytes.byteLength,
  ];
  const entries = offsets.slice(1).flatMap((end, index) => journal.read(bytes.subarray(offsets[index], end)));
  return { entries, last: journal.end() };
}

/** As journald has a field in JSON. */
function inJson(entry: ExportedEntry): Record<string, unknown> {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of entry) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}

const name = fc.oneof(
  fc.constantFrom('MESSAGE', '__CURSOR', '_SYSTEMD_UNIT', 'PRIORITY'),
  fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/),
);
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '=', 'a\nb', 'MESSAGE=x', '\n\n', '__CURSOR=s=1\n', 'ä€😀', '\ufefftext', 'a\r'),
);
const entry: fc.Arbitrary<ExportedEntry> = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 6 });
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

describe('the export format of the journal', () => {
  test('is parsed to the fields that were written, in any chunks', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), places, (entries, cuts) => {
        expect(read(exportOf(entries), cuts)).toEqual({ entries: entries.map(inJson), last: undefined });
      }),
    );
  });

  test('is parsed byte by byte', () => {
    const bytes = exportOf([
      [
        ['MESSAGE', 'a\nb'],
        ['PRIORITY', '6'],
      ],
      [['MESSAGE', '']],
    ]);
    const journal = new JournalExport(maxEntryBytes);
    expect([...bytes].flatMap((byte) => journal.read(Uint8Array.of(byte)))).toEqual([
      { MESSAGE: 'a\nb', PRIORITY: '6' },
      { MESSAGE: '' },
    ]);
  });

  test('returns bytes that are not text as they are', () => {
    const { entries } = read(exportOf([[['MESSAGE', Uint8Array.of(0x68, 0xff, 0x69)]]]));
    expect(entries).toEqual([{ MESSAGE: [0x68, 0xff, 0x69] }]);
  });

  test('cannot pollute the prototype', () => {
    const { entries } = read(encode('MESSAGE=a\n__PROTO__=b\n\n__proto__=c\n\n'));
    expect(entries).toEqual([{ MESSAGE: 'a', __PROTO__: 'b' }, { MESSAGE: '__proto__=c' }]);
  });

  test.each([
    ['a field', 'MESSAGE=whole\nPRIORITY=6\n', { MESSAGE: 'whole', PRIORITY: '6' }],
    ['the middle of a field', 'MESSAGE=whole\nPRIOR', { MESSAGE: 'whole' }],
    ['the middle of a value', 'MESSAGE=who', { MESSAGE: 'who' }],
    ['the middle of bytes', 'MESSAGE\n\u0005\0\0\0\0\0\0\0a\nb', { MESSAGE: 'a\nb' }],
    ['the middle of a length', 'PRIORITY=6\nMESSAGE\n\u0005\0', { PRIORITY: '6' }],
  ])('that ends after %s gives the received part', (_what, text, last) => {
    expect(read(encode(text))).toEqual({ entries: [], last });
  });

  test('keeps at most the allowed size of an entry, and continues with the next', () => {
    const long = 'x'.repeat(200);
    const entries: ExportedEntry[] = [
      [
        ['A', long],
        ['B', long],
        ['C', 'c'],
      ],
      [
        ['MESSAGE', `${long}\n`],
        ['D', 'd'],
      ],
      [['MESSAGE', 'whole']],
    ];
    fc.assert(
      fc.property(places, (cuts) => {
        expect(read(exportOf(entries), cuts, 100)).toEqual({
          entries: [{ A: 'x'.repeat(98) }, { MESSAGE: 'x'.repeat(93) }, { MESSAGE: 'whole' }],
          last: undefined,
        });
      }),
    );
  });

  test('is never read beyond the received bytes, whatever length it claims', () => {
    const journal = new JournalExport(100);
    expect(journal.read(encode('MESSAGE\n'))).toEqual([]);
    expect(journal.read(new Uint8Array(8).fill(0xff))).toEqual([]);
    for (let piece = 0; piece < 50; piece++) expect(journal.read(new Uint8Array(64).fill(0x61))).toEqual([]);
    expect(journal.end()).toEqual({ MESSAGE: 'a'.repeat(93) });
  });

  test('is parsed to something from any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), places, (bytes, cuts) => {
        const whole = read(bytes);
        expect(read(bytes, cuts)).toEqual(whole);
      }),
    );
  });
});
