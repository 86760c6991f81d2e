import { describe, expect, test } from 'vitest';
import { classifyAnswer } from './classify-answer.js';
import { endpoints, type Endpoint } from './endpoints.js';

const classify = (endpoint: Endpoint<unknown>, status: number, body: string) =>
  classifyAnswer(endpoint, { status, body: new TextEncoder().encode(body) });

const { ping, device, version, update, reboot } = endpoints;

describe('classifyAnswer', () => {
  test.each<[string, Endpoint<unknown>, number, string, unknown]>([
    ['ping: the word OK', ping, 200, 'OK', undefined],
    ['ping: the word OK with a line break', ping, 200, 'ok\n', undefined],
    ['version: as it is', version, 200, '{"status":"success","version":"19.0.5"}', '19.0.5'],
    ['version: without its v', version, 200, '{"status":"success","version":"v12.11.0"}', '12.11.0'],
    ['update: 204 means it looks now', update, 204, '', { outcome: 'triggered' }],
    ['update: 202 means no more than that it took note', update, 202, 'Accepted', { outcome: 'accepted' }],
    ['update: 202 without a body', update, 202, '', { outcome: 'accepted' }],
    ['reboot: 202', reboot, 202, '{"Data":"OK","Error":null}', undefined],
  ])('success, %s', (_name, endpoint, status, body, value) => {
    expect(classify(endpoint, status, body)).toEqual({ ok: true, value });
  });

  const page = '<!DOCTYPE html>\n<html lang="en"><body><pre>Cannot GET /v1/device</pre></body></html>';
  const failed = (message: string) => JSON.stringify({ status: 'failed', message });
  const envelope = (message: string) => JSON.stringify({ Data: '', Error: message });

  test.each<[string, Endpoint<unknown>, number, string, object]>([
    ['400 in words', device, 400, 'Missing app id', { code: 'bad-request', said: 'Missing app id' }],
    ['400 in JSON', device, 400, failed('Invalid tag'), { code: 'bad-request', said: 'Invalid tag' }],
    ['401', device, 401, 'Unauthorized', { code: 'unauthorized' }],
    ['404 page of a missing endpoint', device, 404, page, { code: 'not-supported' }],
    ['404 of a missing thing', device, 404, 'Service not found', { code: 'not-found', said: 'Service not found' }],
    ['500', reboot, 500, envelope('no logind'), { code: 'supervisor-error', said: 'no logind' }],
    ['503', update, 503, failed('unsupported charset'), { code: 'supervisor-error', said: 'unsupported charset' }],
    ['503 without words', update, 503, failed(''), { code: 'supervisor-error', said: undefined }],
    ['503 of a page', device, 503, '<h1>Down</h1>', { code: 'supervisor-error', said: undefined }],
    ['502 to a read', device, 502, 'no legacy', { code: 'supervisor-error', retryable: true }],
    ['502 to a write', update, 502, 'no legacy', { code: 'supervisor-error', retryable: false }],
    ['a redirect', device, 302, '', { code: 'unexpected-response' }],
    ['a redirect as browsers hide it', device, 0, '', { code: 'unexpected-response' }],
    ['304, which nobody asked for', version, 304, '', { code: 'unexpected-response' }],
    ['a proxy that wants a login', device, 407, 'log in', { code: 'unexpected-response' }],
    ['201', device, 201, '{}', { code: 'unexpected-response' }],
    ['a status that HTTP does not have', device, 999, '', { code: 'unexpected-response' }],
    ['ping: another word', ping, 200, 'Hello', { code: 'unexpected-response' }],
    ['update: a page', update, 200, '<h1>Log in</h1>', { code: 'unexpected-response' }],
    ['version: JSON that is no object', version, 200, '"19.0.5"', { code: 'unexpected-response' }],
    ['version: an empty one', version, 200, '{"version":"v"}', { code: 'unexpected-response' }],
  ])('fault, %s', (_name, endpoint, status, body, fault) => {
    expect(classify(endpoint, status, body)).toMatchObject({ ok: false, fault: { status, ...fault } });
  });

  test.each([
    ['user-lock', 'Lockfile exists for { appId: 77, service: sensor }'],
    ['user-lock', 'Updates are locked: EEXIST: file already exists'],
    ['supervisor-busy', 'Locks for app 77 are being held by another supervisor operation'],
    ['host-update', 'Waiting for Host OS update to finish'],
  ])('423 tells a %s by its words, in each of its envelopes', (lock, words) => {
    for (const body of [envelope(words), failed(words), words]) {
      expect(classify(reboot, 423, body)).toMatchObject({
        ok: false,
        fault: { code: 'locked', lock, said: words, retryable: true },
      });
    }
  });

  test('keeps what was said on one line', () => {
    expect(classify(device, 500, failed('one\r\ntwo\u001b[31m\u2028three'))).toMatchObject({
      fault: { said: 'one two [31m three' },
    });
  });

  test('names the key that makes an answer unusable', () => {
    expect(classify(device, 200, '{"api_port":"48484"}')).toMatchObject({
      fault: { what: 'status 200 came with JSON without a usable "api_port".' },
    });
  });
});
