import { describe, expect, test } from 'vitest';
import { recordingOf } from '../../test/recording-of.js';
import type { Recording } from '../recordings/recording.js';
import { checkEmulator } from './check-emulator.js';

const key = '1'.repeat(32);
const json = { 'Content-Type': 'application/json' };

function journal(name: string, body: object, answer: string): Recording {
  const request = `POST /v2/journal-logs?apikey=${key}`;
  return recordingOf({ name, request, headers: json, body: JSON.stringify(body), contentType: 'none', answer });
}

function conditional(request: string, etag: string, status: number): Recording {
  const headers = { 'If-None-Match': etag };
  const contentType = status === 304 ? 'none' : 'json';
  return recordingOf({
    name: `conditional ${request}`,
    request: `${request}?apikey=${key}`,
    headers,
    status,
    contentType,
    answer: '',
    answerHeaders: { ETag: etag },
  });
}

const line = 'Nov 23 01:14:28 vm 848652ab8db2[8627]: hello from main 1\n';
const noEntries = '-- No entries --\n';

describe('a recording with names of the recorded device', () => {
  test.each<[named: string, recording: Recording]>([
    ['a container', journal('journal containerId', { containerId: '848652ab8db2', count: 1 }, line)],
    ['a unit that logged', journal('journal unit docker', { unit: 'docker.service', count: 1 }, line)],
    ['a unit that did not', journal('journal unit nope', { unit: 'nope.service' }, noEntries)],
    ['the ETag of its answer', conditional('GET /v2/device/name', 'W/"28-recordedOnAnotherDevice0000"', 304)],
  ])('matches with the emulated device’s names: %s', async (_named, recording) => {
    await expect(checkEmulator(recording)).resolves.toMatchObject({ matched: true });
  });

  test.each<[what: string, recording: Recording]>([
    ['a line of another form', journal('journal containerId', { containerId: '848652ab8db2' }, '{"MESSAGE":1}\n')],
    ['nothing at all', journal('journal unit docker', { unit: 'docker.service' }, '')],
    ['another status', conditional('GET /v2/device/name', 'W/"28-recordedOnAnotherDevice0000"', 412)],
  ])('does not match if the answer is %s', async (_what, recording) => {
    await expect(checkEmulator(recording)).resolves.toMatchObject({ matched: false });
  });
});

describe('a recording of the configured proxy', () => {
  const proxied = (proxy: object) =>
    recordingOf({
      name: 'host-config get after proxy',
      scenario: 'managed-single: host-config',
      request: `GET /v1/device/host-config?apikey=${key}`,
      answer: { network: { hostname: '3f2a9c1', proxy } },
    });

  test.each([{ login: 'user' }, { password: 'secret' }, { login: 'user', password: 'secret' }])(
    'matches with only %o beside the address',
    async (credentials) => {
      const proxy = { type: 'socks5', ip: '192.0.2.7', port: 1080, ...credentials };
      await expect(checkEmulator(proxied(proxy))).resolves.toMatchObject({ matched: true });
    },
  );

  test('does not match with an unknown member of the proxy', async () => {
    const proxy = { type: 'socks5', ip: '192.0.2.7', port: 1080, user: 'user' };
    await expect(checkEmulator(proxied(proxy))).resolves.toMatchObject({ matched: false });
  });
});
