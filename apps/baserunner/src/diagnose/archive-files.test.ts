import type { RunnerStatus } from '@serve.zone/baseos-runner-core';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOwnWords } from '../../own-words-define.js';
import { archiveFiles } from './archive-files.js';
import type { Documents } from './gather-documents.js';
import { knownValuesOf } from './redact-configuration.js';

const words = new Set(readOwnWords());
const madeAt = '2026-11-29T13:00:00.000Z';

/** A text in each place where foreign text enters an archive. */
type Planted = Record<(typeof places)[number], string>;

const places = [
  'hostname',
  'nodeId',
  'cloudlyUrl',
  'noProxy',
  'appName',
  'statePath',
  'doctorMessage',
  'doctorFact',
  'supervisorReason',
  'supervisorName',
  'cloudlyDetail',
  'notice',
  'logMessage',
  'logField',
  'stack',
  'ofAnotherVersion',
  'member',
  'textLine',
  'commandService',
  'commandMessage',
] as const;

function documentsWith(planted: Planted): Documents {
  const env = {
    BASEOS_CLOUDLY_URL: planted.cloudlyUrl,
    BASEOS_NODE_ID: planted.nodeId,
    BASEOS_STATE_PATH: planted.statePath,
    NO_PROXY: planted.noProxy,
    BALENA_APP_NAME: planted.appName,
  };
  const configuration: RunnerStatus['configuration'] = {
    BASEOS_CLOUDLY_URL: { value: planted.cloudlyUrl, source: 'environment' },
    BASEOS_NODE_ID: { value: planted.nodeId, source: 'environment' },
    BASEOS_STATE_PATH: { value: planted.statePath, source: 'environment' },
    NO_PROXY: { value: `${planted.noProxy},10.0.0.0/8`, source: 'environment' },
    BASEOS_HEARTBEAT_INTERVAL_MS: { value: 60_000, source: 'default' },
    BASEOS_LOG_LEVEL: { value: 'warn', source: 'environment' },
  };
  const status = {
    agent: { running: true, pid: 17, version: '1.2.3' },
    runtime: {
      host: { hostname: planted.hostname, platform: 'linux', arch: 'arm64', cpuCount: 4 },
      device: { appName: planted.appName, appId: 7_654_321, type: 'raspberrypi4-64' },
      vitals: { clockSkewMs: -12 },
    },
    supervisor: { state: 'failing', reason: `The Supervisor said: ${planted.supervisorReason}.` },
    cloudly: {
      url: planted.cloudlyUrl,
      state: 'unregistered',
      connectivity: 'rejected',
      failuresInARow: 3,
      problem: {
        code: 'join-token-unknown',
        message: `Cloudly does not recognise this join token: ${planted.cloudlyDetail}.`,
        remedy: 'Check it.',
      },
    },
    notices: [planted.notice],
    later: planted.ofAnotherVersion,
    configuration,
  };
  return {
    doctor: {
      ok: false,
      durationMs: 12,
      checks: [
        { check: 'TLS', verdict: 'fail', message: `The name ${planted.doctorMessage} is not known (ENOTFOUND).` },
        { check: 'agent', verdict: 'pass', message: 'It runs.', facts: { port: 443, found: planted.doctorFact } },
      ],
    },
    status: status as unknown as Documents['status'],
    supervisor: {
      ok: false,
      checks: [
        { check: 'device', ok: true, durationMs: 3, result: { containers: [{ name: planted.supervisorName }] } },
      ],
    },
    commands: {
      accepted: { kinds: ['update'], force: false },
      running: true,
      commands: [
        {
          id: '00000000-0000-4000-8000-000000000001',
          kind: 'restart-service',
          service: planted.commandService,
          state: 'ended',
          outcome: 'refused',
          errorCode: 'refused-by-device',
          message: planted.commandMessage,
          result: 'not-taken',
        },
      ],
      notices: [],
    },
    recentLog: [
      {
        time: madeAt,
        level: 'warn',
        message: planted.logMessage,
        fields: { code: 'unreachable', about: planted.logField },
      },
      {
        time: madeAt,
        level: 'error',
        message: 'A defect.',
        fields: { error: { stack: `Error: ${planted.stack}\n    at x` } },
      },
      { [planted.member]: 1, level: 'info' },
      planted.textLine,
    ],
    known: [{ kind: 'host', value: planted.hostname }, ...knownValuesOf(env)],
  };
}

/** Somebody's, in the forms in which that is written; each has a mark in it that is looked for. */
const mark = fc
  .tuple(fc.stringMatching(/^[bcdfghjkmpqrtvwxz]{6,9}$/), fc.nat(99))
  .map(([letters, digits]) => `${letters}${digits}`);
const forms: ((mark: string) => string)[] = [
  (secret) => secret,
  (secret) => secret.toUpperCase(),
  (secret) => `pass!${secret}$word`,
  (secret) => `Zdenka ${secret}`,
  (secret) => `"${secret} of the node"`,
  (secret) => `${secret}@shop.example`,
  (secret) => `${secret}.acme.internal:8443`,
  (secret) => `.${secret}`,
  (secret) => `https://${secret}.example/base/`,
  (secret) => `https://user:${secret}@cloudly.example:1/`,
  (secret) => `https://cloudly.example/${secret}?token=${secret}#${secret}`,
  (secret) => `/home/${secret}/state.json`,
  (secret) => `C:\\Users\\${secret}\\state.json`,
  (secret) => `CN=${secret}, O=${secret} Ltd`,
  (secret) => `state-${secret}_1`,
  (secret) => `the ${secret}: the ${secret}, (${secret}) [${secret}] <${secret}>=${secret};`,
  (secret) => `\u001b[31m${secret}\r\n${secret}`,
  (secret) => `registry.example/${secret}/app@sha256:${secret}`,
];
const somebodys = fc.tuple(mark, fc.constantFrom(...forms));

describe('an archive', () => {
  test('contains nothing personal, in whatever form and place it appears', () => {
    const planting = fc.tuple(...places.map(() => somebodys));
    fc.assert(
      fc.property(planting, (chosen) => {
        const planted = Object.fromEntries(
          places.map((place, index) => {
            const [secret = '', form = String] = chosen[index] ?? [];
            return [place, form(secret)];
          }),
        ) as Planted;
        const text = Object.values(archiveFiles(documentsWith(planted), madeAt, words))
          .join('\n')
          .toLowerCase();
        expect(chosen.map(([secret]) => secret).filter((secret) => text.includes(secret))).toEqual([]);
      }),
      { numRuns: howMany(60, 300) },
    );
  });

  test('contains no password and no ID made of numbers or of the program’s own words, wherever it is repeated', () => {
    const elsewhere = Object.fromEntries(places.map((place) => [place, `zdenka-${place}`])) as Planted;
    const logMessage = 'user 482913, password Open the device!, app 765432, image 5150';
    const documents = documentsWith({ ...elsewhere, logMessage });
    const env = { HTTPS_PROXY: 'http://482913:Open%20the%20device%21@proxy.example:3128' };
    const supervisor = { ok: true, checks: [{ check: 'apps', ok: true, result: { appId: 765_432, imageId: 5150 } }] };
    const planted = { ...documents, supervisor, known: knownValuesOf(env) } as unknown as Documents;
    const text = Object.values(archiveFiles(planted, madeAt, words)).join('\n');
    expect(text.match(/482913|Open the device|765432|5150/gi)).toBeNull();
    expect(text).toMatch(/user <secret \d>, password <secret \d>, app <app \d>, image <image \d>/);
  });

  test('still contains the useful facts: codes, states, versions, times and counts', () => {
    const planted = Object.fromEntries(places.map((place) => [place, `zdenka-${place}`])) as Planted;
    const files = archiveFiles(documentsWith(planted), madeAt, words);
    expect(JSON.parse(files['status.json'] ?? '')).toMatchObject({
      agent: { running: true, pid: 17, version: '1.2.3' },
      runtime: {
        host: { hostname: '<host 1>', platform: 'linux', arch: 'arm64', cpuCount: 4 },
        device: { appId: expect.stringMatching(/^<app \d>$/) as string, type: 'raspberrypi4-64' },
        vitals: { clockSkewMs: -12 },
      },
      supervisor: { state: 'failing', reason: expect.stringMatching(/^The Supervisor said: <word \d>\.$/) as string },
      cloudly: {
        state: 'unregistered',
        failuresInARow: 3,
        problem: {
          code: 'join-token-unknown',
          message: expect.stringMatching(/^Cloudly does not recognise this join token: <word \d>\.$/) as string,
          remedy: 'Check it.',
        },
      },
    });
    expect(JSON.parse(files['configuration.json'] ?? '')).toMatchObject({
      NO_PROXY: { value: expect.stringMatching(/^<host \d>,<ip 1>\/8$/) as string, source: 'environment' },
      BASEOS_HEARTBEAT_INTERVAL_MS: { value: 60_000 },
      BASEOS_LOG_LEVEL: { value: 'warn' },
    });
    expect(JSON.parse(files['commands.json'] ?? '')).toMatchObject({
      commands: [{ kind: 'restart-service', service: '<name 3>', outcome: 'refused', errorCode: 'refused-by-device' }],
    });
    expect(files['doctor.txt']).toMatch(/^FAIL {2}TLS +The name <word \d> is not known \(ENOTFOUND\)\.$/m);
    expect(files['recent-log.jsonl']).toMatch(/"level":"warn","message":"<word \d+>","fields":\{"code":"unreachable"/);
    expect(files['README.txt']).toMatch(/^ {2}host +\d of host names$/m);
  });
});
