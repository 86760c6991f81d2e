import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containerAnswer, deviceAnswer, imageAnswer, stateStatusAnswer } from '../../test/answer.js';
import type { Endpoint } from '../endpoints/endpoint.js';
import { classifyAnswer } from '../errors/classify-answer.js';
import { endpoints } from '../endpoints/endpoints.js';
import { readDevice } from './device.js';
import { readStateStatus } from './state-status.js';

function encode(value: unknown) {
  return new TextEncoder().encode(JSON.stringify(value));
}

function answerOf(value: unknown) {
  return { status: 200, body: encode(value) };
}

describe('device', () => {
  test('has one shape: camelCase, lists of addresses, units in names', () => {
    expect(readDevice(answerOf(deviceAnswer))).toEqual({
      ok: true,
      value: {
        apiPort: 48484,
        ipAddresses: ['192.168.7.20', 'fe80::1c2d'],
        macAddresses: ['02:00:5E:10:00:01', '02:00:5E:10:00:02'],
        osVersion: 'balenaOS 6.1.2',
        supervisorVersion: '17.8.1',
        updatePending: true,
        updateFailed: false,
        updateDownloaded: false,
        commit: 'f00dfeedf00dfeedf00dfeedf00dfeed',
        status: 'Downloading',
        downloadProgressPercent: 42,
      },
    });
  });

  const bare = {
    api_port: 48484,
    supervisor_version: 'v9.0.0',
    update_pending: false,
    update_failed: false,
    update_downloaded: false,
  };
  const bareResult = {
    apiPort: 48484,
    ipAddresses: [],
    macAddresses: [],
    supervisorVersion: '9.0.0',
    updatePending: false,
    updateFailed: false,
    updateDownloaded: false,
  };
  const optional = ['ip_address', 'mac_address', 'os_version', 'commit', 'status', 'download_progress'];

  test.each([
    ['missing', bare],
    ['null', { ...bare, ...Object.fromEntries(optional.map((key) => [key, null])) }],
    ['of a wrong type', { ...bare, ...Object.fromEntries(optional.map((key) => [key, { odd: [] }])) }],
  ])('omits a value that is %s', (_name, answer) => {
    const read = readDevice(answerOf(answer));
    expect(read).toStrictEqual({ ok: true, value: bareResult });
  });

  test('omits progress that is not a percentage', () => {
    for (const progress of ['1e999', '-1', '101']) {
      const body = JSON.stringify(bare).replace('{', `{"download_progress":${progress},`);
      expect(readDevice({ status: 200, body: new TextEncoder().encode(body) })).toStrictEqual({
        ok: true,
        value: bareResult,
      });
    }
  });

  test('passes an unknown status through, and ignores unknown keys', () => {
    expect(readDevice(answerOf({ ...bare, status: 'Levitating', colour: 'blue' }))).toStrictEqual({
      ok: true,
      value: { ...bareResult, status: 'Levitating' },
    });
  });

  test.each(Object.keys(bare))('is not recognised without %s', (key) => {
    expect(readDevice(answerOf({ ...bare, [key]: undefined }))).toEqual({
      ok: false,
      problem: `JSON without a usable "${key}"`,
    });
  });
});

describe('stateStatus', () => {
  test('has one shape', () => {
    expect(readStateStatus(answerOf(stateStatusAnswer))).toStrictEqual({
      ok: true,
      value: {
        appState: 'applying',
        overallDownloadProgressPercent: 12,
        containers: [containerAnswer],
        images: [
          {
            name: 'registry.example/sensor@sha256:abc',
            appId: 77,
            serviceName: 'sensor',
            imageId: 502,
            dockerImageId: 'sha256:def',
            status: 'Downloading',
            downloadProgressPercent: 12.5,
          },
        ],
        release: 'f00dfeedf00dfeedf00dfeedf00dfeed',
      },
    });
  });

  test('has no progress, image ID or release while there is none', () => {
    const { dockerImageId: _dockerImageId, ...image } = { ...imageAnswer, downloadProgress: null };
    const answer = { appState: 'applied', overallDownloadProgress: null, containers: [], images: [image] };
    expect(readStateStatus(answerOf(answer))).toStrictEqual({
      ok: true,
      value: {
        appState: 'applied',
        containers: [],
        images: [
          {
            name: imageAnswer.name,
            appId: 77,
            serviceName: 'sensor',
            imageId: 502,
            status: 'Downloading',
          },
        ],
      },
    });
  });

  test('drops a malformed member of a list and keeps its neighbours', () => {
    const containers = [
      null,
      containerAnswer,
      { ...containerAnswer, appId: '77' },
      'text',
      { ...containerAnswer, serviceName: 'two' },
    ];
    expect(readStateStatus(answerOf({ ...stateStatusAnswer, containers }))).toMatchObject({
      value: { containers: [containerAnswer, { ...containerAnswer, serviceName: 'two' }] },
    });
  });

  test.each(['appState', 'containers', 'images'])('is not recognised without %s', (key) => {
    expect(readStateStatus(answerOf({ ...stateStatusAnswer, [key]: null }))).toMatchObject({ ok: false });
  });
});

describe('any answer at any endpoint', () => {
  const endpoint = fc.constantFrom<Endpoint<unknown>>(...Object.values(endpoints));
  const status = fc.oneof(fc.constantFrom(200, 202, 204, 400, 401, 404, 423, 500, 502, 503), fc.integer());
  /** JSON that often has the right keys, with anything under them. */
  const known = fc.constantFrom(
    ...Object.keys({ ...deviceAnswer, ...stateStatusAnswer, version: 0, message: 0, Error: 0 }),
  );
  const nearly = fc
    .dictionary(known, fc.jsonValue())
    .map((odd) => Object.assign({}, deviceAnswer, stateStatusAnswer, odd));
  const body = fc.oneof(
    fc.oneof(fc.jsonValue(), nearly).map(encode),
    fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
    fc.uint8Array(),
  );

  test('is a result or a described fault, never an exception', () => {
    fc.assert(
      fc.property(endpoint, status, body, (anyEndpoint, anyStatus, anyBody) => {
        const classified = classifyAnswer(anyEndpoint, { status: anyStatus, body: anyBody });
        expect(classified).toSatisfy(() =>
          classified.ok ? anyStatus in anyEndpoint.answers : classified.fault.what.endsWith('.'),
        );
      }),
      { numRuns: howMany(100, 500) },
    );
  });

  test('has only members of the documented types, and no undefined member', () => {
    fc.assert(
      fc.property(nearly, (answer) => {
        const read = readStateStatus(answerOf(answer));
        if (!read.ok) return;
        expect(Object.values(read.value)).not.toContain(undefined);
        const percents = [read.value, ...read.value.images].map((part) =>
          'overallDownloadProgressPercent' in part
            ? part.overallDownloadProgressPercent
            : 'downloadProgressPercent' in part
              ? part.downloadProgressPercent
              : 0,
        );
        for (const percent of percents) expect(percent).toSatisfy((value: unknown) => Number.isFinite(value));
      }),
    );
  });
});
