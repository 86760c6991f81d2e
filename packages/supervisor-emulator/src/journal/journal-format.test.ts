import { expect, test } from 'vitest';

import { emptyJournal, writeLines } from '../model/journal.js';
import type { JournalEntry, JournalLine } from '../model/journal.js';
import { formatEntry, isJournalFormat, listFormats } from './journal-format.js';
import type { JournalFormat } from './journal-format.js';

const host = { hostname: '3f2a9c1', machineId: '0'.repeat(32) };
const containerId = `848652ab8db2${'0'.repeat(52)}`;
const bootId = '00000000-0000-0000-0000-000000000001';

function write(...lines: Partial<JournalLine>[]): readonly JournalEntry[] {
  const line: JournalLine = {
    at: Date.UTC(2026, 10, 3, 1, 14, 28, 606),
    message: 'hello from main 1\r',
    source: {
      kind: 'service',
      serviceId: 1,
      serviceName: 'main',
      containerId,
      containerName: 'main_1_2_abc',
      dockerImageId: 'sha256:1',
    },
  };
  const changed = lines.map((changes) => Object.assign({}, line, changes));
  return writeLines(emptyJournal, changed, bootId).entries;
}

function format(name: JournalFormat, changes: Partial<JournalLine> = {}, all = false): string {
  const [entry] = write(changes);
  if (!entry) throw new Error('Nothing was written.');
  return Buffer.from(formatEntry(name, { entry, host, all, previous: undefined })).toString();
}

const at = '848652ab8db2[812]: hello from main 1\n';

test.each<[JournalFormat, string]>([
  ['short', `Nov 03 01:14:28 3f2a9c1 ${at}`],
  ['short-full', `Tue 2026-11-03 01:14:28 UTC 3f2a9c1 ${at}`],
  ['short-iso', `2026-11-03T01:14:28+00:00 3f2a9c1 ${at}`],
  ['short-iso-precise', `2026-11-03T01:14:28.606000+00:00 3f2a9c1 ${at}`],
  ['short-precise', `Nov 03 01:14:28.606000 3f2a9c1 ${at}`],
  ['short-monotonic', `[ 4468.606000] 3f2a9c1 ${at}`],
  ['short-delta', `[ 4468.606000                ] 3f2a9c1 ${at}`],
  ['short-unix', `1793668468.606000 3f2a9c1 ${at}`],
  ['with-unit', 'Tue 2026-11-03 01:14:28 UTC 3f2a9c1 balena.service[812]: hello from main 1\n'],
  ['cat', 'hello from main 1\n'],
])('%s', (name, expected) => {
  expect(format(name)).toBe(expected);
});

test("json has Docker's fields, numbers as text, and a message with control characters as bytes", () => {
  const fields = JSON.parse(format('json')) as Record<string, unknown>;
  expect(fields).toMatchObject({
    __REALTIME_TIMESTAMP: '1793668468606000',
    _BOOT_ID: '00000000000000000000000000000001',
    PRIORITY: '6',
    SYSLOG_IDENTIFIER: '848652ab8db2',
    CONTAINER_ID_FULL: containerId,
    CONTAINER_NAME: 'main_1_2_abc',
    IMAGE_NAME: 'sha256:1',
    MESSAGE: [...Buffer.from('hello from main 1\r')],
  });
  expect(fields['__CURSOR']).toMatch(/^s=\w+;i=1;b=\w+;m=\w+;t=\w+;x=\w+$/);
});

test('json omits a field that is too long, unless all fields are requested', () => {
  const message = 'x'.repeat(5000);
  expect(JSON.parse(format('json', { message }))).toMatchObject({ MESSAGE: null });
  expect(JSON.parse(format('json', { message }, true))).toMatchObject({ MESSAGE: message });
});

test('json-pretty, json-sse and json-seq are json with other framing', () => {
  const json = format('json').trimEnd();
  expect(format('json-sse')).toBe(`data: ${json}\n\n`);
  expect(format('json-seq')).toBe(`\u001E${json}\n`);
  expect(JSON.stringify(JSON.parse(format('json-pretty')))).toBe(json);
});

test('verbose has a line for each field, and export one for each text field', () => {
  expect(format('verbose')).toMatch(/^Tue 2026-11-03 01:14:28\.606000 UTC \[s=.*\]\n {4}_BOOT_ID=/);
  expect(format('verbose')).toContain('    MESSAGE=hello from main 1\n');
  expect(format('export')).toContain('\nPRIORITY=6\n');
  expect(format('export')).toContain('\nMESSAGE\n\u0012\0\0\0\0\0\0\0hello from main 1\r\n\n');
});

test('further lines of a message are indented, colours removed, and other control characters hidden unless all is requested', () => {
  const head = 'Nov 03 01:14:28 3f2a9c1 848652ab8db2[812]: ';
  expect(format('short', { message: 'one\ntwo\r' })).toBe(`${head}one\n${' '.repeat(head.length)}two\n`);
  expect(format('short', { message: '\u001B[31mred\u001B[0m' })).toBe(`${head}red\n`);
  expect(format('short', { message: 'bell\u0007' })).toBe(`${head}[5B blob data]\n`);
  expect(format('short', { message: 'bell\u0007' }, true)).toBe(`${head}bell\u0007\n`);
});

test('kernel entries have no process, and errors another priority', () => {
  const [entry] = write({ source: { kind: 'kernel' }, message: 'up', isError: true });
  expect(entry && formatEntry('short', { entry, host, all: false, previous: undefined })).toBe(
    'Nov 03 01:14:28 3f2a9c1 kernel: up\n',
  );
  expect(entry && formatEntry('json', { entry, host, all: false, previous: undefined })).toContain('"PRIORITY":"3"');
});

test('no two entries have the same time, and old ones are dropped', () => {
  const entries = write(...Array.from({ length: 10_001 }, () => ({})));
  expect(entries).toHaveLength(10_000);
  expect(entries[0]?.number).toBe(2);
  expect(new Set(entries.map(({ atUs }) => atUs)).size).toBe(10_000);
});

test('the formats are listed as journalctl lists them', () => {
  expect(listFormats().split('\n').slice(0, 3)).toEqual(['short', 'short-full', 'short-iso']);
  expect(['json', 'help', 'toString'].map(isJournalFormat)).toEqual([true, false, false]);
});
