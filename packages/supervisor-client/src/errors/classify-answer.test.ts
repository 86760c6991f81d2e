import { describe, expect, test } from 'vitest';
import { classifyAnswer } from './classify-answer.js';
import type { Endpoint } from '../endpoints/endpoint.js';
import { endpoints } from '../endpoints/endpoints.js';

function classify(endpoint: Endpoint<unknown>, status: number, body: string, contentType?: string) {
  return classifyAnswer(endpoint, { status, contentType, body: new TextEncoder().encode(body) });
}

const { ping, device, version, update, reboot } = endpoints;

/** As Express declares them, whatever is in them. */
const json = 'application/json; charset=utf-8';
const html = 'text/html; charset=utf-8';
const plain = 'text/plain; charset=utf-8';

function failed(message: string) {
  return JSON.stringify({ status: 'failed', message });
}

function envelope(message: string) {
  return JSON.stringify({ Data: '', Error: message });
}

describe('classifyAnswer', () => {
  test.each<[string, Endpoint<unknown>, number, string, unknown]>([
    ['ping: the word OK', ping, 200, 'OK', undefined],
    ['ping: the word OK with a line break', ping, 200, 'ok\n', undefined],
    ['version: as it is', version, 200, '{"status":"success","version":"19.0.5"}', '19.0.5'],
    ['version: without its v', version, 200, '{"status":"success","version":"v12.11.0"}', '12.11.0'],
    ['update: 204 means that it checks now', update, 204, '', { outcome: 'triggered' }],
    [
      'update: 202 means only that the Supervisor accepted the request',
      update,
      202,
      'Accepted',
      { outcome: 'accepted' },
    ],
    ['update: 202 without a body', update, 202, '', { outcome: 'accepted' }],
    ['reboot: 202', reboot, 202, '{"Data":"OK","Error":null}', undefined],
  ])('success, %s', (_name, endpoint, status, body, value) => {
    expect(classify(endpoint, status, body)).toEqual({ ok: true, value });
  });

  const page = '<!DOCTYPE html>\n<html lang="en"><body><pre>Cannot GET /v1/device</pre></body></html>';

  test.each<[string, Endpoint<unknown>, number, string, object]>([
    ['400 in words', device, 400, 'Missing app id', { code: 'bad-request', said: 'Missing app id' }],
    ['400 in JSON', device, 400, failed('Invalid tag'), { code: 'bad-request', said: 'Invalid tag' }],
    ['401', device, 401, 'Unauthorized', { code: 'unauthorized' }],
    ['404 with the page of a missing endpoint', device, 404, page, { code: 'not-supported' }],
    ['404 of a missing thing', device, 404, 'Service not found', { code: 'not-found', said: 'Service not found' }],
    ['500', reboot, 500, envelope('no logind'), { code: 'supervisor-error', said: 'no logind' }],
    ['503', update, 503, failed('no luck'), { code: 'supervisor-error', said: 'no luck' }],
    ['503 without words', update, 503, failed(''), { code: 'supervisor-error', said: undefined }],
    ['503 of a page', device, 503, '<h1>Down</h1>', { code: 'supervisor-error', said: undefined }],
    ['502 to a read', device, 502, 'no legacy', { code: 'supervisor-error', retryable: true }],
    ['502 to a write', update, 502, 'no legacy', { code: 'supervisor-error', retryable: false }],
    ['a redirect', device, 302, '', { code: 'unexpected-response' }],
    ['a redirect as browsers hide it', device, 0, '', { code: 'unexpected-response' }],
    ['an unrequested 304', version, 304, '', { code: 'unexpected-response' }],
    ['a proxy that requires a login', device, 407, 'log in', { code: 'unexpected-response' }],
    ['201', device, 201, '{}', { code: 'unexpected-response' }],
    ['a status outside HTTP', device, 999, '', { code: 'unexpected-response' }],
    ['ping: another word', ping, 200, 'Hello', { code: 'unexpected-response' }],
    ['409 in other words', device, 409, failed('No.'), { code: 'unexpected-response' }],
    [
      'healthy: a page with the status of an unhealthy one',
      endpoints.healthy,
      500,
      '<h1>',
      { code: 'unexpected-response' },
    ],
    ['restart: a page', endpoints.restartApp, 200, '<html>Log in</html>', { code: 'unexpected-response' }],
    ['restart: a failure', endpoints.restartApp, 200, failed('No.'), { code: 'unexpected-response' }],
    ['reboot: a failure', endpoints.reboot, 202, '{"Data":"","Error":"No."}', { code: 'unexpected-response' }],
    ['regenerate: no key', endpoints.regenerateApiKey, 200, 'Not a key', { code: 'unexpected-response' }],
    ['update: a page', update, 200, '<h1>Log in</h1>', { code: 'unexpected-response' }],
    ['version: JSON that is not an object', version, 200, '"19.0.5"', { code: 'unexpected-response' }],
    ['version: an empty one', version, 200, '{"version":"v"}', { code: 'unexpected-response' }],
  ])('fault, %s', (_name, endpoint, status, body, fault) => {
    expect(classify(endpoint, status, body)).toMatchObject({ ok: false, fault: { status, ...fault } });
  });

  test.each([
    ['user-lock', 'Lockfile exists for { appId: 77, service: sensor }'],
    ['user-lock', 'Updates are locked: EEXIST: file already exists'],
    ['user-lock', 'Lockfile exists for { appId: 77, service: held by another supervisor operation }'],
    ['user-lock', 'Lockfile exists for {"serviceName":"Waiting for Host OS update","appId":77}'],
    ['supervisor-busy', 'Locks for app 77 are being held by another supervisor operation'],
    ['host-update', 'Waiting for Host OS update to finish'],
  ])('423 is a %s by its message, in each of its envelopes', (lock, words) => {
    for (const body of [envelope(words), failed(words), words]) {
      expect(classify(reboot, 423, body)).toMatchObject({
        ok: false,
        fault: { code: 'locked', lock, said: words, retryable: true },
      });
    }
  });

  const appNotFound =
    "App not found: an app needs to be installed for this endpoint to work.\n\tIf you've recently moved this device from another app,\n\tplease push an app and wait for it to be installed first.";
  const noVolumes = "Cannot read properties of undefined (reading 'volumes')";

  test.each([
    ['an unknown service', endpoints.containerId, 503, json, failed('Could not find service with that name')],
    ['an unknown app', endpoints.restartApp, 503, json, failed('Application with ID 9 is not in the current state')],
    ['a service action on an unknown app', endpoints.stopService, 503, json, failed(noVolumes)],
    [
      'the same with an older Node',
      endpoints.stopService,
      503,
      json,
      failed("Cannot read property 'volumes' of undefined"),
    ],
    ['the single container of an unknown app', endpoints.singleContainer, 400, html, 'App not found'],
    ['stopping the single container of an unknown app', endpoints.stopSingleContainer, 400, html, appNotFound],
    ['a service action without a container', endpoints.stopService, 404, html, appNotFound],
    [
      'a service without a container',
      endpoints.stopService,
      404,
      html,
      'Service not found, a container must exist for this endpoint to work',
    ],
    ['a service without a release', endpoints.startService, 404, html, 'Service does not exist in target release'],
    ['the state of an unknown app', endpoints.appState, 409, json, failed('Application ID does not exist: 9')],
  ] as const)('%s is not-found, whatever its status', (_name, endpoint, status, contentType, body) => {
    const classified = classify(endpoint, status, body, contentType);
    expect(classified).toMatchObject({ ok: false, fault: { code: 'not-found', status } });
  });

  test('an app whose state is refused may be unknown, or not accessible with the key', () => {
    expect(classify(endpoints.appState, 409, failed('Application ID does not exist: 9'), json)).toMatchObject({
      fault: { what: 'the device has no such app, or the key gives no access to it.' },
    });
  });

  test.each([
    'Unexpected token \'n\', "null" is not valid JSON',
    "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
    'Unexpected end of JSON input',
    'Unexpected token } in JSON at position 7',
    'unsupported charset "FOO"',
    'unsupported content encoding "foo"',
    'request entity too large',
    "Failed to decode param '%zz'",
    "The argument 'args[1]' must be a string without null bytes. Received 'a\\x00b'",
  ])('503 for %j is a bad request', (message) => {
    expect(classify(update, 503, failed(message), json)).toMatchObject({
      fault: { code: 'bad-request', said: message },
    });
  });

  test.each([
    ['unauthorized', device, plain, 'Unauthorized'],
    ['unauthorized', endpoints.stopSingleContainer, plain, 'Unauthorized'],
    ['unauthorized', device, undefined, 'Unauthorized'],
    ['unauthorized', device, html, '<h1>Unauthorized</h1>'],
    ['unauthorized', device, json, '{"error":"token"}'],
    ['out-of-scope', endpoints.stopSingleContainer, html, 'Unauthorized'],
    ['out-of-scope', endpoints.restartApp, json, failed('Unauthorized')],
    ['out-of-scope', endpoints.singleContainer, json, failed('Application is not available')],
  ] as const)('401 is %s: %o as %s, %j', (code, endpoint, contentType, body) => {
    expect(classify(endpoint, 401, body, contentType)).toMatchObject({ fault: { code, status: 401 } });
  });

  test('for two simultaneous restarts, the second error says to check the state', () => {
    const message = "Cannot read properties of null (reading 'local')";
    expect(classify(endpoints.restartSingleContainer, 503, failed(message), json)).toMatchObject({
      fault: {
        code: 'supervisor-error',
        what: 'another restart or purge was in progress.',
        remedy: expect.stringContaining('Check the state'),
      },
    });
  });

  test.each([
    [endpoints.tags, 500, failed('fetch failed')],
    [endpoints.setTags, 500, failed('Attempt to communicate with API, without initialized client')],
  ] as const)('a call that needs the cloud says so when it fails', (endpoint, status, body) => {
    expect(classify(endpoint, status, body, json)).toMatchObject({
      fault: { code: 'supervisor-error', what: expect.stringContaining("balena's cloud") },
    });
  });

  test('an app with several services leads to the calls that name one', () => {
    const said = 'Some v1 endpoints are only allowed on single-container apps';
    expect(classify(endpoints.singleContainer, 400, said, html)).toMatchObject({
      fault: { code: 'bad-request', remedy: expect.stringContaining('app().service') },
    });
  });

  test("keeps the Supervisor's message on one line", () => {
    expect(classify(device, 500, failed('one\r\ntwo\u001b[31m\u2028three'))).toMatchObject({
      fault: { said: 'one two [31m three' },
    });
  });

  test('names the key that makes an answer unusable', () => {
    expect(classify(device, 200, '{"api_port":"48484"}')).toMatchObject({
      fault: { what: 'the answer had status 200 and JSON without a usable "api_port".' },
    });
  });
});
