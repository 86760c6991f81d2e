import { describe, expect, test } from 'vitest';
import type { RecordedAnswer, RecordedOutcome } from '../recordings/recording.js';
import { compareOutcomes } from './compare-outcomes.js';

function json(body: unknown, changes: Partial<RecordedAnswer> = {}): RecordedAnswer {
  return {
    kind: 'answer',
    status: 200,
    contentType: 'application/json; charset=utf-8',
    headers: new Map([
      ['etag', 'W/"27-DYk"'],
      ['content-length', '39'],
    ]),
    body: JSON.stringify(body),
    isCut: false,
    ...changes,
  };
}

function text(body: string, changes: Partial<RecordedAnswer> = {}): RecordedAnswer {
  return json(null, { contentType: 'text/html; charset=utf-8', body, ...changes });
}

const version = json({ status: 'success', version: '19.0.5' });
const bare = new Map<string, string>();

test('the same answer has no differences', () => {
  expect(compareOutcomes(version, version)).toEqual([]);
});

describe('a difference appears in', () => {
  test.each<[what: string, recorded: RecordedOutcome, given: RecordedOutcome, difference: RegExp]>([
    ['the status', version, { ...version, status: 503 }, /^status: expected 200, got 503 with/],
    ['the content type', version, { ...version, contentType: 'text/html' }, /^content type: expected application/],
    ['a content type where there was none', { ...version, contentType: undefined }, version, /expected none, got app/],
    ['the shape of JSON', version, json({ status: 'success' }), /^version: expected text, got nothing$/],
    ['a body that is not JSON', version, { ...version, body: 'OK' }, /^the body: expected JSON, got "OK"$/],
    ['a byte of a text', text('OK'), text('OK\n'), /^the body: expected "OK", got "OK\\n"$/],
    ['the ETag of the same text', text('OK'), text('OK', { headers: bare }), /^ETag: expected W.*, got none$/],
    ['a missing ETag', version, json({ status: 'success', version: '1' }, { headers: bare }), /ETag/],
    ['an answer where there was none', { kind: 'no-answer', reason: 'refused' }, version, /expected a refused conn/],
    ['no answer where there was one', version, { kind: 'no-answer', reason: 'reset' }, /got a connection that breaks/],
    [
      'another kind of missing answer',
      { kind: 'no-answer', reason: 'timeout' },
      { kind: 'no-answer', reason: 'reset' },
      /expected no answer at all, got a connection that breaks off/,
    ],
  ])('%s', (_what, recorded, given, difference) => {
    expect(compareOutcomes(recorded, given)[0]).toMatch(difference);
  });
});

test('headers that were not recorded are not compared', () => {
  expect(compareOutcomes(text('OK', { headers: bare }), text('OK'))).toEqual([]);
});

test('a new key is a key whatever its digits are', () => {
  expect(compareOutcomes(text('a'.repeat(32), { headers: bare }), text('b'.repeat(32)))).toEqual([]);
  expect(compareOutcomes(text('a'.repeat(32), { headers: bare }), text('b'.repeat(40)))).toHaveLength(1);
});

test('truncated JSON is compared as far as it goes', () => {
  const cut = { ...version, body: '{"status":"success","ver', isCut: true };
  expect(compareOutcomes(cut, version)).toEqual([]);
  expect(compareOutcomes(cut, json({ status: 'failed' }))).toHaveLength(1);
});
