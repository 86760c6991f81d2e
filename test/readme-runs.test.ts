import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSnippet } from './readme-runs/run-snippet.js';
import { findSnippet, snippetsOf } from './readme-runs/snippets.js';
import { shareResource } from './shared-resources/shared-resource.js';

const TIMEOUT_MS = 120_000;

/** In a project that has the packages installed by npm. */
let folder: string;
const device = mkdtempSync(join(tmpdir(), 'baseos-readme-runs-'));

beforeAll(async () => {
  folder = join(await shareResource('installed-packages'), 'readme-runs');
  mkdirSync(folder);
}, TIMEOUT_MS);
afterAll(() => rmSync(device, { recursive: true, force: true }));

const client = 'packages/supervisor-client/README.md';

interface Example {
  /** What only this snippet has in it. */
  words: string;
  options?: Parameters<typeof createSupervisor>[0];
  prepare?: (supervisor: Supervisor) => void;
  /** What it writes, among other things. */
  writes: string[];
  /** It runs until it is stopped. */
  isEndless?: boolean;
}

const apps = [{ appId: 77, appName: 'fleet', services: ['main', 'worker'] }];

const examples: Record<string, Example> = {
  'the first read': { words: "'being changed'", writes: ['Supervisor 19.0.5, release '] },
  'what runs': {
    words: 'overallDownloadProgressPercent',
    writes: ['main Running', 'worker Running', '100 % downloaded'],
  },
  'an update, and the wait for its end': {
    words: 'onProgress',
    prepare: (supervisor) => supervisor.releaseAvailable({ commit: 'f00d' }),
    writes: ['Release f00d runs'],
  },
  'a lock': { words: 'withLock', writes: [] },
  'services that are stopped and started': { words: "app.service('worker').stop()", writes: [] },
  'a reboot that a lock blocks': {
    words: 'supervisor.reboot()',
    prepare: (supervisor) => supervisor.lock(),
    writes: ['A service must not be stopped now.'],
  },
  'the journal': {
    words: 'entry.containerName',
    prepare: (supervisor) => supervisor.log({ message: 'hello' }),
    writes: ['hello'],
    isEndless: true,
  },
  'the host and tags': { words: "hostname: 'gate-7'", writes: ['no proxy', "name: 'site'", "value: 'north'"] },
  'an old Supervisor': {
    words: 'supervisor.capabilities()',
    options: { supervisorVersion: '14.0.0' },
    writes: ['a forced update does nothing'],
  },
  'local mode': {
    words: 'setTargetState',
    options: { localMode: true },
    writes: ['deviceType:', 'Supervisor '],
    isEndless: true,
  },
};

/** Found by its unique content. */
const ownDevice = 'emulated.releaseAvailable';

test("each snippet of the client's README is run", () => {
  const words = [...Object.values(examples).map((example) => example.words), ownDevice];
  expect(new Set(words.map((word) => findSnippet(client, word).code)).size).toBe(snippetsOf(client).length);
});

describe.concurrent("each feature that the client's README shows runs, with an emulated device", () => {
  test.each(Object.entries(examples))(
    '%s',
    async (name, { words, options, prepare, writes, isEndless }) => {
      const supervisor = createSupervisor({ downloadDurationMs: 500, apps, ...options });
      const { address, close } = await supervisor.listen();
      try {
        prepare?.(supervisor);
        const { language, code } = findSnippet(client, words);
        const file = name.replaceAll(/\W+/g, '-');
        const env = {
          BALENA_SUPERVISOR_ADDRESS: address,
          BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
          BALENA_APP_ID: '77',
          BALENA_APP_LOCK_PATH: join(device, `${file}.lock`),
        };
        const output = await runSnippet(
          { language, code: code.replace('http://device.local:48484', address) },
          { folder, name: file, env, ...(isEndless && { until: writes.at(-1) ?? '' }) },
        );
        expect(writes.filter((written) => !output.includes(written))).toEqual([]);
        expect(output === '').toBe(writes.length === 0);
      } finally {
        await close();
      }
    },
    TIMEOUT_MS,
  );

  test('and a separate device gives the result shown beside it', { timeout: TIMEOUT_MS }, async () => {
    const snippet = findSnippet(client, ownDevice);
    const promised = /\/\/ (\{ outcome: .*\})$/m.exec(snippet.code)?.[1];
    expect(await runSnippet(snippet, { folder, name: 'own-device' })).toBe(`${promised}\n`);
  });
});
