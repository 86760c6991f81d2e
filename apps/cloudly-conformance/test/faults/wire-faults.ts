import { gunzipSync } from 'node:zlib';
import { bearerOf, changed, messageOf, problem, replacing, textOf, withBearer, withText } from '../alteration.js';
import type { Fault } from './fault.js';

/** Cloudlys that are too strict or too lax about how a message comes. */
export const wireFaults: Fault[] = [
  {
    name: 'requires a token before it says that an endpoint accepts only POST',
    breaks: ['presence'],
    alter: (next) => async (request) =>
      request.method === 'GET' && bearerOf(request) === undefined ? problem('node-token-unknown') : next(request),
  },
  {
    name: 'accepts only one spelling of application/json',
    breaks: ['json-with-charset'],
    alter: (next) => async (request) => {
      const type = request.headers.get('content-type') ?? '';
      const isOther = /json/i.test(type) && !/latin|8859/.test(type) && type !== 'application/json';
      return isOther ? problem('unsupported-media-type') : next(request);
    },
  },
  {
    name: 'requires a Content-Length',
    breaks: ['chunked-body', 'chunked-body-too-large'],
    alter: (next) => async (request) =>
      request.headers.has('transfer-encoding') ? problem('malformed-request') : next(request),
  },
  {
    name: 'accepts any Content-Type as JSON',
    breaks: ['other-media-type', 'request-judged-first'],
    alter: (next) => async (request) => {
      const headers = new Headers(request.headers);
      headers.set('content-type', 'application/json');
      return next(new Request(request, { headers }));
    },
  },
  {
    name: 'decompresses bodies',
    breaks: ['compressed-body'],
    alter: (next) => async (request) => {
      if (request.headers.get('content-encoding') !== 'gzip') return next(request);
      const text = gunzipSync(await request.arrayBuffer()).toString();
      return next(new Request(request.url, { method: 'POST', headers: plain(request), body: text }));
    },
  },
  {
    name: 'ignores an unknown Content-Encoding',
    breaks: ['compressed-body'],
    alter: (next) => async (request) =>
      request.headers.get('content-encoding') === 'x-conformance'
        ? next(new Request(request, { headers: plain(request) }))
        : next(request),
  },
  {
    name: 'accepts at most 255 KiB',
    breaks: ['body-at-limit', 'token-before-body'],
    alter: (next) => async (request) =>
      Number(request.headers.get('content-length')) > 255 * 1024 ? problem('payload-too-large') : next(request),
  },
  {
    name: 'accepts bodies of any size',
    breaks: ['body-too-large', 'chunked-body-too-large', 'request-judged-first'],
    alter: replacing(/ +$/g, ''),
  },
  {
    name: 'limits bodies by their Content-Length only',
    breaks: ['chunked-body-too-large'],
    alter: (next) => async (request) =>
      request.headers.has('transfer-encoding')
        ? next(withText(request, (await textOf(request)).trim()))
        : next(request),
  },
  {
    name: 'rejects a status of half the permitted size',
    breaks: ['status-at-limit'],
    alter: (next) => async (request) => {
      const { status } = await messageOf(request);
      return JSON.stringify(status ?? '').length > 64 * 1024 ? problem('payload-too-large') : next(request);
    },
  },
  {
    name: 'accepts a status of any size',
    breaks: ['status-too-large'],
    alter: (next) => async (request) => {
      const text = await textOf(request);
      return next(/"padding":/.test(text) ? withText(request, text.replace(/,"padding":\[[x",]+\]/, '')) : request);
    },
  },
  {
    name: 'accepts only one spelling of Bearer',
    breaks: ['bearer-in-any-case', 'other-scheme'],
    alter: (next) => async (request) => {
      const authorization = request.headers.get('authorization') ?? 'Bearer';
      return authorization.startsWith('Bearer') ? next(request) : problem('node-token-unknown');
    },
  },
  {
    name: 'requires exactly one space after Bearer',
    breaks: ['bearer-in-any-case'],
    alter: (next) => async (request) =>
      /^Bearer {2}/.test(request.headers.get('authorization') ?? '') ? problem('node-token-unknown') : next(request),
  },
  {
    name: 'uses the last word as the token, whatever the scheme',
    breaks: ['other-scheme'],
    alter: (next) => async (request) => {
      const [token] = /\S+$/.exec(request.headers.get('authorization') ?? '') ?? [];
      return next(token === undefined ? request : withBearer(request, token));
    },
  },
  {
    name: 'accepts PUT as POST',
    breaks: ['other-methods'],
    alter: (next) => async (request) =>
      next(request.method === 'PUT' ? new Request(request.url, { method: 'POST', headers: request.headers }) : request),
  },
  {
    name: 'does not name the allowed method',
    breaks: ['other-methods'],
    alter: (next) => async (request) => {
      const response = await next(request);
      response.headers.delete('allow');
      return response;
    },
  },
  {
    name: 'extracts an object from anywhere in the body',
    breaks: ['no-json'],
    alter: (next) => async (request) => {
      const text = await textOf(request);
      return next(text.startsWith('[{') ? withText(request, text.slice(1, -1)) : request);
    },
  },
  {
    name: 'accepts NaN as a number',
    breaks: ['no-json'],
    alter: replacing('"note":NaN,', ''),
  },
  {
    name: 'replaces invalid UTF-8',
    breaks: ['no-utf-8'],
    alter: (next) => async (request) =>
      next(request.method === 'POST' ? withText(request, await textOf(request)) : request),
  },
  {
    name: 'drops U+0000',
    breaks: ['unsafe-text', 'order-of-faults'],
    alter: replacing(String.raw`\u0000`, ''),
  },
  {
    name: 'replaces lone surrogates',
    breaks: ['unsafe-text'],
    alter: replacing(/\\ud[89a-f]../g, '?'),
  },
  {
    name: 'accepts nesting of any depth',
    breaks: ['too-deep'],
    alter: replacing(/"note":[[\]]{64},/g, ''),
  },
  {
    name: 'crashes on absurdly deep nesting',
    breaks: [
      'too-deep',
      'errors-are-problems',
      'carries-protocol',
      'carries-cloudly-id',
      'carries-server-time',
      'readable-answers',
      'not-cached',
    ],
    alter: (next) => async (request) => {
      const text = await textOf(request);
      if (!text.includes('{"a":'.repeat(1000))) return next(request);
      return new Response('<h1>RangeError</h1>', { status: 500, headers: { 'content-type': 'text/html' } });
    },
  },
  {
    name: 'rejects nesting of half the permitted depth',
    breaks: ['at-the-limits'],
    alter: (next) => async (request) =>
      (await textOf(request)).includes('['.repeat(16)) ? problem('malformed-request') : next(request),
  },
  {
    name: 'accepts strings of any length',
    breaks: ['string-too-long'],
    alter: replacing(/"note":"x{32769}",/g, ''),
  },
  {
    name: 'does not count characters beyond U+FFFF',
    breaks: ['string-too-long'],
    alter: replacing(/"note":"(?:\u{1f9ca})+",/gu, ''),
  },
  {
    name: 'counts the length of a string in UTF-16 code units',
    breaks: ['at-the-limits'],
    alter: (next) => async (request) =>
      /(?:\u{1f9ca}){16385}/u.test(await textOf(request)) ? problem('malformed-request') : next(request),
  },
  {
    name: 'counts the length of a string in bytes',
    breaks: ['at-the-limits'],
    alter: (next) => async (request) =>
      /\u{1f9ca}"/u.test(await textOf(request)) ? problem('malformed-request') : next(request),
  },
  {
    name: 'uses the first of two equal keys',
    breaks: ['key-named-twice'],
    alter: replacing(/,"sequence":0}$/g, '}'),
  },
  {
    name: 'rejects integers with a fraction or an exponent',
    breaks: ['number-forms'],
    alter: (next) => async (request) =>
      /"sequence":(?:\d+\.0|[\d.]+e)/i.test(await textOf(request)) ? problem('malformed-request') : next(request),
  },
  {
    name: 'accepts integers of any size',
    breaks: ['number-forms'],
    alter: replacing('"sequence":9007199254740992', '"sequence":9007199254740991'),
  },
  {
    name: 'rejects strings of half the permitted length',
    breaks: ['string-too-long', 'at-the-limits', 'order-of-faults'],
    alter: (next) => async (request) =>
      /x{16384}/.test(await textOf(request)) ? problem('payload-too-large') : next(request),
  },
  {
    name: 'accepts a key __proto__',
    breaks: ['key-proto'],
    alter: replacing('"__proto__"', '"proto"'),
  },
  {
    name: 'rejects unknown keys',
    breaks: ['unknown-keys-pass'],
    alter: (next) => async (request) =>
      'newerMember' in (await messageOf(request)) ? problem('malformed-request') : next(request),
  },
  {
    name: 'rejects a newer node’s details of its Supervisor',
    breaks: ['unknown-keys-pass'],
    alter: (next) => async (request) =>
      (await textOf(request)).includes('"state":"of-a-newer-node"') ? problem('malformed-request') : next(request),
  },
  {
    name: 'does not say what is malformed',
    breaks: ['issues-name-the-place'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.status === 400 ? changed(response, ({ issues: _left, ...json }) => json) : response;
    },
  },
  {
    name: 'leaks received values in its issues',
    breaks: ['issues-without-values'],
    alter: (next) => async (request) => {
      const { bootId: received } = await messageOf(request);
      const response = await next(request);
      const issues = [{ path: 'bootId', rule: 'uuid', received }];
      return response.status === 400
        ? changed(response, (json) => ({ ...json, issues: [...(json['issues'] as []), ...issues] }))
        : response;
    },
  },
  {
    name: 'repeats the keys of the sender in its issues',
    breaks: ['issues-without-values'],
    alter: (next) => async (request) => {
      const keys = Object.keys(await messageOf(request));
      const response = await next(request);
      if (response.status !== 400) return response;
      const issues = keys.map((path) => ({ path, rule: 'safe-text' }));
      return changed(response, (json) => ({ ...json, issues: [...(json['issues'] as []), ...issues] }));
    },
  },
  {
    name: 'checks for unsafe text after it has checked the protocol',
    breaks: ['order-of-faults'],
    alter: (next) => async (request) => {
      const { protocol } = await messageOf(request);
      const response = await next(request);
      return response.status === 400 && protocol === 2 ? problem('unsupported-protocol', { supported: [1] }) : response;
    },
  },
  {
    name: 'measures a status before it checks the protocol',
    breaks: ['order-of-faults'],
    alter: (next) => async (request) => {
      const { status } = await messageOf(request);
      const response = await next(request);
      const isLarge = JSON.stringify(status ?? '').length > 128 * 1024;
      return response.status === 422 && isLarge ? problem('payload-too-large') : response;
    },
  },
  {
    name: 'parses every protocol as the one it supports',
    breaks: [
      'other-protocol',
      'request-judged-first',
      'request-judged-before-node',
      'uses-are-counted',
      'order-of-faults',
    ],
    alter: replacing(/"protocol":(2|1000)/g, '"protocol":1'),
  },
  {
    name: 'does not say which protocols it supports',
    breaks: ['other-protocol'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.status === 422 ? changed(response, ({ supported: _left, ...json }) => json) : response;
    },
  },
];

function plain(request: Request): Headers {
  const headers = new Headers(request.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return headers;
}
