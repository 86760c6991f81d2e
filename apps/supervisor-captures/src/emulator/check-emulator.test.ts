import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readRecordings } from '../recordings/read-recordings.js';
import type { RecordedAnswer, Recording } from '../recordings/recording.js';
import { recordingOf } from '../../test/recording-of.js';
import { checkEmulator } from './check-emulator.js';
import { keys } from './recorded-device.js';

const recordings = (await readRecordings(fileURLToPath(new URL('../../test/recordings', import.meta.url)))) ?? [];

/** The recording of that name with another answer. */
function withAnswer(name: string, change: (answer: RecordedAnswer) => Partial<RecordedAnswer>): Recording {
  const recording = recordings.find((each) => each.name.startsWith(name));
  if (recording?.outcome.kind !== 'answer') throw new Error(`There is no answer ${name}.`);
  return { ...recording, outcome: { ...recording.outcome, ...change(recording.outcome) } };
}

function replaced(name: string, from: string, to: string): Recording {
  return withAnswer(name, ({ body }) => ({ body: body.replace(from, to) }));
}

test.each(recordings.map((recording) => [recording.name, recording] as const))(
  'the emulator gives the recorded answer: %s',
  async (_name, recording) => {
    await expect(checkEmulator(recording)).resolves.toMatchObject({ matched: true });
  },
);

function tagsRefused(scenario: string, status: string, message: string): Recording {
  return recordingOf({
    scenario: `managed-single: ${scenario}`,
    request: `GET /v2/device/tags?apikey=${keys.global}`,
    name: `${status}: tags get`,
    status: 500,
    answer: { status: 'failed', message },
  });
}

test.each<[what: string, recording: Recording]>([
  ['tags refused with JSON', tagsRefused('cloud API answers 500', 'cloud 500', '[object Object]')],
  ['tags refused with text', tagsRefused('cloud API answers 401', 'cloud 401', 'Unauthorized')],
  [
    'a key regenerated on an unmanaged device',
    recordingOf({
      scenario: 'unmanaged (no apiEndpoint), no app yet',
      request: `POST /v1/regenerate-api-key?apikey=${keys.global}`,
      contentType: 'html',
      answer: keys.newGlobal,
    }),
  ],
])('the emulator gives %s', async (_what, recording) => {
  await expect(checkEmulator(recording)).resolves.toMatchObject({ matched: true });
});

describe('the check can fail: the emulator never gives', () => {
  test.each<[what: string, recording: Recording, why: RegExp]>([
    ['another status', withAnswer('version', () => ({ status: 202 })), /^status: expected 202, got 200 with/],
    ['another content type', withAnswer('device', () => ({ contentType: undefined })), /^content type: expected none/],
    ['another text', withAnswer('device', () => ({ body: 'Forbidden' })), /the body: expected "Forbidden", got "Una/],
    [
      'no ETag',
      withAnswer('version', () => ({ headers: new Map([['content-length', '39']]) })),
      /^ETag: expected none/,
    ],
    ['another message', replaced('locked', 'service: main', 'service: web'), /^message: expected "Lockfile .* web/],
    ['an answer without a key of it', replaced('during', '"appState":"applying",', ''), /^appState: expected nothing/],
    ['an unknown key', replaced('version', '"version"', '"release"'), /^release: expected text, got nothing/],
    ['null for a text', replaced('version', '"19.0.5"', 'null'), /^version: expected null, got text/],
    [
      'a text for a number',
      replaced('during', '"appId":1234567', '"appId":"1234567"'),
      /appId: expected text, got a n/,
    ],
    [
      'no image where there is one',
      replaced('during', '"images":[', '"images":[],"x":['),
      /images\[\]: expected nothing/,
    ],
    [
      'a word that tells no state',
      replaced('during', 'Running', 'Strolling'),
      /expected containers\[\]\.status: Strolling/,
    ],
    [
      'a text for a progress',
      replaced('during', 'Progress":40,', 'Progress":"40",'),
      /^overallDownloadProgress: expected t/,
    ],
  ])('%s', async (_what, recording, why) => {
    await expect(checkEmulator(recording)).resolves.toMatchObject({
      matched: false,
      why: expect.stringMatching(why) as string,
    });
  });

  test('an answer of another situation', async () => {
    const { outcome } = withAnswer('locked', () => ({}));
    const version = withAnswer('version', () => ({}));
    await expect(checkEmulator({ ...version, outcome })).resolves.toMatchObject({ matched: false });
  });

  test('an answer if nothing answers', async () => {
    const [hung] = recordings.slice(-1);
    const { outcome } = withAnswer('version', () => ({}));
    if (hung === undefined) throw new Error('There are no recordings.');
    await expect(checkEmulator({ ...hung, outcome })).resolves.toMatchObject({ matched: false });
  });
});

test('an unknown scenario may be any situation', async () => {
  const [locked] = recordings.slice(2, 3);
  if (locked === undefined) throw new Error('There are no recordings.');
  const verdict = { matched: true, how: 'main holds its update lock' };
  await expect(checkEmulator({ ...locked, scenario: 'a rainy day' })).resolves.toEqual(verdict);
  await expect(checkEmulator({ ...locked, scenario: 'managed-single: rain', name: 'restart' })).resolves.toEqual(
    verdict,
  );
  await expect(checkEmulator({ ...locked, scenario: 'managed-single', name: 'restart' })).resolves.toMatchObject({
    matched: false,
  });
});
