import { describe, expect, test } from 'vitest';
import { recordingOf } from '../../test/recording-of.js';
import { checkClient } from './check-client.js';

type Exchange = Parameters<typeof recordingOf>[0];

const key = '2'.repeat(32);
const device = {
  api_port: 48484,
  ip_address: '192.0.2.2 fd00::2',
  mac_address: '02:00:5E:00:53:01',
  supervisor_version: '19.0.5',
  update_pending: false,
  update_failed: false,
  update_downloaded: false,
  status: 'Idle',
  download_progress: null,
};
const locked = { status: 'failed', message: 'Lockfile exists for { appId: 1234567, service: main }' };
const unknownApp = { status: 'failed', message: 'Application ID does not exist: 7' };
const page = '<!DOCTYPE html>\n<pre>Cannot GET /v1/nope</pre>\n';
const entry = { MESSAGE: [104, 105, 13], __REALTIME_TIMESTAMP: '1795396468637168', PRIORITY: '6', __CURSOR: 's=1' };
const stop = 'POST /v2/applications/1234567/stop-service';

describe('a recording is matched by the typed call for it', () => {
  test.each<[what: string, exchange: Exchange]>([
    ['a result', { request: `GET /V1/Device/?apikey=${key}`, answer: device }],
    ['nothing', { request: 'GET /ping', contentType: 'html', answer: 'OK' }],
    ['no health', { request: 'GET /v1/healthy', status: 500, contentType: 'html', answer: 'Unhealthy' }],
    ['a lock', { request: stop, body: '{"serviceName":"main"}', status: 423, answer: locked }],
    ['an unknown app', { request: 'GET /v2/applications/7/state', status: 409, answer: unknownApp }],
    ['a wrong key', { request: 'GET /v1/device', status: 401, contentType: 'plain', answer: 'Unauthorized' }],
    [
      'an app out of reach',
      { request: 'POST /v1/apps/7/stop', status: 401, contentType: 'html', answer: 'Unauthorized' },
    ],
    ['a refused connection', { request: 'POST /v1/update', connectionError: 'Connection refused' }],
    ['a reset after a write', { request: 'POST /v1/update', body: '{}', connectionError: 'ECONNRESET' }],
    ['no answer', { request: 'GET /v1/device', connectionError: 'TimeoutError: timed out', elapsedMs: 4000 }],
    ['no beginning of a stream', { request: 'GET /v2/local/logs', connectionError: 'timed out', elapsedMs: 4000 }],
    ['truncated JSON', { request: 'GET /v2/local/target-state', answer: '{"status":"suc', bodyCut: true }],
    [
      'lines of a truncated stream',
      {
        request: 'GET /v2/local/logs',
        contentType: 'none',
        answer: '{"message":"Streaming logs","isSystem":true}\n{"message":"a\\r","isSystem":true,"timestamp":1}\n{"mes',
        bodyCut: true,
      },
    ],
    [
      'entries of the journal',
      {
        request: 'POST /v2/journal-logs',
        body: '{"format":"json","count":1}',
        contentType: 'none',
        answer: `${JSON.stringify(entry)}\n`,
      },
    ],
  ])('%s', async (_what, exchange) => {
    await expect(checkClient(recordingOf(exchange))).resolves.toMatchObject({
      matched: true,
      how: expect.stringMatching(/^by the call for/) as string,
    });
  });
});

describe('without a typed call, request() sends it', () => {
  test.each<[what: string, exchange: Exchange]>([
    ['an unknown path', { request: 'GET /v1/nope', status: 404, contentType: 'html', answer: page }],
    ['a wrong method', { request: 'PUT /v1/device', status: 404, contentType: 'html', answer: page }],
    ['a HEAD', { request: 'HEAD /ping', contentType: 'html', answer: '' }],
    ['an invalid ID', { request: 'GET /v1/apps/abc', status: 400, contentType: 'html', answer: 'Missing app id' }],
    [
      'a call that the typed client rejects',
      {
        request: 'PATCH /v2/device/tags',
        body: '{"a b":"c"}',
        status: 400,
        answer: { status: 'failed', message: 'no' },
      },
    ],
    [
      'a body that is not JSON',
      {
        request: 'PATCH /v1/device/host-config',
        body: '{',
        status: 503,
        answer: { status: 'failed', message: 'Unexpected end of JSON input' },
      },
    ],
  ])('%s', async (_what, exchange) => {
    await expect(checkClient(recordingOf(exchange))).resolves.toEqual({ matched: true, how: 'by request()' });
  });
});

describe('the check can fail: it reports what the client makes of', () => {
  test.each<[what: string, exchange: Exchange, why: RegExp]>([
    [
      'an answer without a required member',
      { request: 'GET /v1/device', answer: { ...device, update_pending: undefined } },
      /^expected \{"apiPort":.*got the error \{"code":"unexpected-response"/,
    ],
    [
      'null where a number belongs',
      { request: 'GET /v1/device', answer: { ...device, api_port: null } },
      /got the error \{"code":"unexpected-response"/,
    ],
    [
      'an unknown failure status',
      { request: 'POST /v1/blink', status: 202, contentType: 'plain', answer: 'OK' },
      /^expected nothing, got the error/,
    ],
    [
      'a lock in unknown words',
      { request: stop, body: '{"serviceName":"main"}', status: 423, answer: { status: 'failed', message: 'no' } },
      /^expected the error \{"code":"unexpected-response".*got the error \{"code":"locked"/,
    ],
    [
      'a line with an unusable field',
      {
        request: 'POST /v2/journal-logs',
        body: '{"format":"json"}',
        contentType: 'none',
        answer: `${JSON.stringify({ ...entry, PRIORITY: 'high' })}\n`,
      },
      /^expected the lines .*got \[/,
    ],
  ])('%s', async (_what, exchange, why) => {
    await expect(checkClient(recordingOf(exchange))).resolves.toMatchObject({
      matched: false,
      why: expect.stringMatching(why) as string,
    });
  });
});

describe('a recorded success without the content that the call promises is a mismatch that says so', () => {
  test.each<[name: string, exchange: Exchange]>([
    ['readTargetState', { request: 'GET /v2/local/target-state', answer: { status: 'success' } }],
    ['stateStatus', { request: 'GET /v2/state/status', answer: { status: 'success', containers: [] } }],
    ['vpn', { request: 'GET /v2/device/vpn', answer: 'null' }],
    ['appState', { request: 'GET /v2/applications/7/state', answer: { local: {} } }],
    ['localLogs', { request: 'GET /v2/local/logs', contentType: 'none', answer: 'no JSON\n' }],
    [
      'journalLogs',
      { request: 'POST /v2/journal-logs', body: '{"format":"json"}', contentType: 'none', answer: 'null\n' },
    ],
  ])('%s', async (name, exchange) => {
    const verdict = await checkClient(recordingOf(exchange));
    expect(verdict).toEqual({
      matched: false,
      why: expect.stringMatching(
        new RegExp(`^expected a result of ${name}, which the recorded answer does not hold \\(.+\\), got `),
      ) as string,
    });
  });
});
