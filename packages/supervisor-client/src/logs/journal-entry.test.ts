import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJournalEntry } from './journal-entry.js';

const stored = {
  __CURSOR: 's=0a;i=354;b=01;m=51fd;t=660e;x=4b86',
  __REALTIME_TIMESTAMP: '1795396468606265',
  _SYSTEMD_UNIT: 'balena.service',
  SYSLOG_IDENTIFIER: '848652ab8db2',
  CONTAINER_NAME: 'main_959262_557617_414e65cd',
  PRIORITY: '6',
  MESSAGE: 'hello',
};

function messageOf(MESSAGE: unknown) {
  return readJournalEntry(JSON.stringify({ ...stored, MESSAGE }))?.message;
}

test('an entry has its well-known fields by name, and all of them as received', () => {
  expect(readJournalEntry(JSON.stringify(stored))).toStrictEqual({
    message: 'hello',
    timestampMs: 1_795_396_468_606,
    unit: 'balena.service',
    identifier: '848652ab8db2',
    containerName: 'main_959262_557617_414e65cd',
    priority: 6,
    cursor: 's=0a;i=354;b=01;m=51fd;t=660e;x=4b86',
    fields: stored,
  });
});

test('missing fields of an entry are absent', () => {
  expect(readJournalEntry('{"MESSAGE":"hello"}')).toStrictEqual({ message: 'hello', fields: { MESSAGE: 'hello' } });
});

describe('a message', () => {
  test.each<[string, unknown, string]>([
    ['is the text', 'hello', 'hello'],
    ['loses the carriage return of a terminal', 'hello\r', 'hello'],
    ['may come as bytes', [104, 101, 108, 108, 111, 13], 'hello'],
    ['may come as bytes of UTF-8', [0xe2, 0x82, 0xac], '€'],
    ['may come as bytes that are not UTF-8', [104, 0xff], 'h\uFFFD'],
    ['that was too long for journalctl is empty', null, ''],
    ['that occurs more than once is all of them', ['one', [116, 119, 111]], 'one\ntwo'],
    ['of another kind is empty', { a: 1 }, ''],
    ['that is missing is empty', undefined, ''],
    ['that is an empty list is empty', [], ''],
  ])('%s', (_claim, message, expected) => {
    expect(messageOf(message)).toBe(expected);
  });
});

test.each(['', '-- No entries --', '-- Boot 0123456789abcdef --', '-- Logs begin at Mon 2026-11-23 01:14:28 UTC. --'])(
  '%o is not an entry',
  (line) => {
    expect(readJournalEntry(line)).toBeUndefined();
  },
);

test.each(['Nov 23 01:14:28 vm kernel: hello', '{"MESSAGE":"torn', 'null', '[1]', '"text"', '12'])(
  '%o is returned as it is',
  (line) => {
    expect(readJournalEntry(line)).toStrictEqual({ message: line, fields: {} });
  },
);

test('any line gives an entry or none, and never throws', () => {
  const anyField = fc.dictionary(fc.constantFrom(...Object.keys(stored), '__proto__'), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        anyField.map((fields) => JSON.stringify(fields)),
      ),
      (line) => {
        expect(typeof (readJournalEntry(line)?.message ?? '')).toBe('string');
      },
    ),
  );
});
