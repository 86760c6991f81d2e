import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkRecordings, subjectOf, type Subject } from './check-recordings.js';
import { checkClient } from './client/check-client.js';
import { checkEmulator } from './emulator/check-emulator.js';
import { readRecordings } from './recordings/read-recordings.js';
import type { Recording } from './recordings/recording.js';

const recordings = (await readRecordings(fileURLToPath(new URL('../test/recordings', import.meta.url)))) ?? [];

async function check(checked: readonly Recording[], isVerbose = false): Promise<{ isGood: boolean; lines: string[] }> {
  return hold([subjectOf('client', checked, checkClient), subjectOf('emulator', checked, checkEmulator)], isVerbose);
}

async function hold(subjects: readonly Subject[], isVerbose = false): Promise<{ isGood: boolean; lines: string[] }> {
  const lines: string[] = [];
  const isGood = await checkRecordings(subjects, { isVerbose, writeLine: (line) => lines.push(line) });
  return { isGood, lines };
}

test('matches are counted, and nothing else is reported', async () => {
  await expect(check(recordings)).resolves.toEqual({
    isGood: true,
    lines: ['client: 6 matched, 0 mismatched', 'emulator: 6 matched, 0 mismatched'],
  });
});

test('verbose output says how each was matched', async () => {
  const { lines } = await check(recordings.slice(2, 3), true);
  expect(lines).toEqual([
    'client  #2 locked restart: matched: by the call for restartApp',
    'emulator  #2 locked restart: matched: main holds its update lock',
    'client: 1 matched, 0 mismatched',
    'emulator: 1 matched, 0 mismatched',
  ]);
});

test('mismatches are reported in one line each, and make the result bad', async () => {
  const mistaken = recordings
    .slice(0, 2)
    .map(({ name, outcome: _outcome, ...recording }): Recording =>
      Object.assign(recording, { name: `${name}\nforged`, outcome: { kind: 'no-answer', reason: 'refused' } as const }),
    );
  await expect(check(mistaken)).resolves.toEqual({
    isGood: false,
    lines: [
      expect.stringMatching(
        /^emulator {2}#0 version\\nforged: expected a refused connection, got status 200 with /,
      ) as string,
      expect.stringMatching(
        /^emulator {2}#1 device without a key\\nforged: expected a refused connection, got status 401/,
      ) as string,
      'client: 2 matched, 0 mismatched',
      'emulator: 0 matched, 2 mismatched',
    ],
  });
});

test('a recording that cannot be checked is a mismatch, and the others are checked', async () => {
  const [first, ...others] = recordings;
  if (first === undefined) throw new Error('There are no recordings.');
  const broken = { ...first, request: { ...first.request, headers: { 'not a name': 'x' } } };
  const { lines } = await check([broken, ...others]);
  expect(lines).toEqual([
    expect.stringMatching(/^emulator {2}#0 version: the check failed: TypeError: /) as string,
    'client: 6 matched, 0 mismatched',
    'emulator: 5 matched, 1 mismatched',
  ]);
});

test('a remark on a match is always shown', async () => {
  const remarked: Subject = {
    name: 'subject',
    checks: [{ title: '#0 x', run: async () => ({ matched: true, how: 'somehow', remark: 'it is odd\nforged' }) }],
  };
  const summary = 'subject: 1 matched, 0 mismatched';
  await expect(hold([remarked])).resolves.toEqual({
    isGood: true,
    lines: ['subject  #0 x: it is odd\\nforged', summary],
  });
  await expect(hold([remarked], true)).resolves.toEqual({
    isGood: true,
    lines: ['subject  #0 x: matched: somehow (it is odd\\nforged)', summary],
  });
});

describe('a recording that could not be tried', () => {
  const notTried = { title: '#1 y', run: async () => ({ matched: undefined, why: 'not tried: nobody can' }) };
  const tried = { title: '#0 x', run: async () => ({ matched: true, how: 'somehow' }) as const };

  test('is reported and counted separately, and is not a mismatch', async () => {
    await expect(hold([{ name: 'subject', checks: [tried, notTried] }])).resolves.toEqual({
      isGood: true,
      lines: ['subject  #1 y: not tried: nobody can', 'subject: 1 matched, 0 mismatched, 1 not tried'],
    });
  });

  test('is no good result if a subject has nothing else', async () => {
    await expect(
      hold([
        { name: 'tried', checks: [tried] },
        { name: 'subject', checks: [notTried] },
      ]),
    ).resolves.toMatchObject({ isGood: false });
  });
});
