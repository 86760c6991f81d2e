import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { emptyJournal, writeLines } from '../model/journal.js';
import type { JournalSource } from '../model/journal.js';
import { readJournalQuery } from './journal-query.js';

const now = Date.UTC(2026, 10, 23, 12);

function service(serviceName: string, containerId: string): JournalSource {
  return { kind: 'service', serviceId: 1, serviceName, containerId, containerName: 'x', dockerImageId: 'sha256:1' };
}

const { entries } = writeLines(
  emptyJournal,
  [
    { at: now - 3 * 3_600_000, message: 'kernel', source: { kind: 'kernel' } },
    { at: now - 2 * 3_600_000, message: 'supervisor', source: { kind: 'supervisor' } },
    { at: now - 3_600_000, message: 'main', source: service('main', 'a'.repeat(64)) },
    { at: now, message: 'side', source: service('side', 'b'.repeat(64)) },
  ],
  'boot',
);

/** The messages of the entries that the query is for. */
function matched(body: Record<string, unknown>): string[] {
  const read = readJournalQuery(body, now);
  if (read.kind !== 'query') throw new Error(`It was no query: ${JSON.stringify(read)}`);
  return entries.filter(read.query.matches).map(({ message }) => message);
}

test.each<[Record<string, unknown>, string[]]>([
  [{}, ['kernel', 'supervisor', 'main', 'side']],
  [{ unit: null, containerId: null, since: null, until: null, format: null }, ['kernel', 'supervisor', 'main', 'side']],
  [{ unit: 'balena' }, ['main', 'side']],
  [{ unit: 'balena.service' }, ['main', 'side']],
  [{ unit: 'balena-supervisor' }, ['supervisor']],
  [{ unit: 'balena*' }, ['supervisor', 'main', 'side']],
  [{ unit: 'balena-[!x]upervisor' }, ['supervisor']],
  [{ unit: 'nope.service' }, []],
  [{ unit: 5 }, []],
  [{ containerId: 'a'.repeat(12) }, ['main']],
  [{ containerId: 'a'.repeat(64) }, []],
  [{ containerId: 'kernel' }, ['kernel']],
  [{ since: '2026-11-23 10:00:00' }, ['supervisor', 'main', 'side']],
  [{ until: '-90min' }, ['kernel', 'supervisor']],
  [{ since: '2 hours ago', until: '-1s' }, ['supervisor', 'main']],
])('%j matches %j', (body, messages) => {
  expect(matched(body)).toEqual(messages);
});

test.each<[Record<string, unknown>, object]>([
  [{}, { follow: false, all: false, count: Infinity, format: 'short' }],
  [{ follow: true }, { follow: true, count: 10 }],
  [
    { follow: 'on', all: 1, count: '3' },
    { follow: true, all: true, count: 3 },
  ],
  [{ count: 0 }, { count: Infinity }],
  [{ count: -1 }, { count: Infinity }],
  [{ count: 'many' }, { count: Infinity }],
  [{ format: 'json' }, { format: 'json' }],
  [{ format: ['json'] }, { format: 'json' }],
])('%j means %j', (body, expected) => {
  expect(readJournalQuery(body, now)).toMatchObject({ kind: 'query', query: expected });
});

test.each([
  { format: 'nope' },
  { format: '' },
  { format: {} },
  { unit: {} },
  { unit: 'nope*' },
  { since: 'lately' },
  { since: 1_795_396_468 },
  { until: {} },
  { since: 'now', until: 'yesterday' },
])('journalctl rejects %j', (body) => {
  expect(readJournalQuery(body, now)).toEqual({ kind: 'refused' });
});

test.each([
  [{ format: 'a\0b' }, 1, String.raw`'a\x00b'`],
  [{ count: 2, unit: 'x\0' }, 1, String.raw`'x\x00'`],
  [{ all: true, follow: true, containerId: '\0' }, 3, String.raw`'\x00'`],
  [{ since: `${'x'.repeat(200)}\0` }, 1, `'${'x'.repeat(127)}...`],
])('a NUL in %j makes the Supervisor fail', (body, index, received) => {
  const message = `The argument 'args[${index}]' must be a string without null bytes. Received ${received}`;
  expect(readJournalQuery(body, now)).toEqual({ kind: 'failure', message });
});

test('a value that cannot become text makes the Supervisor fail', () => {
  expect(readJournalQuery({ unit: { toString: 1 } }, now)).toMatchObject({ kind: 'failure' });
});

test('any JSON is parsed', () => {
  const names = fc.constantFrom('all', 'follow', 'count', 'unit', 'format', 'containerId', 'since', 'until');
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), (body) => {
      expect(['query', 'refused', 'failure']).toContain(readJournalQuery(body, now).kind);
    }),
  );
});
