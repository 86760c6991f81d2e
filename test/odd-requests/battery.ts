/** What somebody writes to a listener that was made for well-behaved clients. */
export interface OddRequest {
  name: string;
  /** Written one after the other. */
  pieces: readonly (string | Uint8Array)[];
  /** How its sender takes leave: it has said all, or it is gone in the middle. @default 'end' */
  leaves?: 'end' | 'reset' | 'waits';
}

/** Every kind of request that HTTP allows and nobody expects, that it forbids, and that is none. */
export function oddRequests(goodPath: string): readonly OddRequest[] {
  return [
    ...targets.map((target) => named(`the target ${shown(target)}`, head(`GET ${target} HTTP/1.1`))),
    ...targets.map((target) => named(`POST to ${shown(target)}`, head(`POST ${target} HTTP/1.1`, 'Content-Length: 0'))),
    ...methods.flatMap((method) => [
      named(`the method ${shown(method)}`, head(`${method} ${goodPath} HTTP/1.1`)),
      named(`the method ${shown(method)} to *`, head(`${method} * HTTP/1.1`)),
      named(
        `the method ${shown(method)} with a body`,
        `${head(`${method} ${goodPath} HTTP/1.1`, 'Content-Length: 2')}{}`,
      ),
    ]),
    ...hosts.map((host) => named(`the host ${shown(host)}`, `GET ${goodPath} HTTP/1.1\r\n${host}\r\n\r\n`)),
    ...['example.com:443', 'example.com', '', '/', '[::1', '*', goodPath].map((target) =>
      named(`CONNECT ${shown(target)}`, `CONNECT ${target} HTTP/1.1\r\nHost: a\r\n\r\nand on in the tunnel`),
    ),
    ...upgrades.map((upgrade) =>
      named(`a change to ${shown(upgrade)}`, head(`GET ${goodPath} HTTP/1.1`, 'Connection: Upgrade', ...upgrade)),
    ),
    ...['100-continue', '100-Continue', '200-ok', '', '100-continue, more'].map((expected) =>
      named(
        `Expect: ${shown(expected)}`,
        `${head(`POST ${goodPath} HTTP/1.1`, `Expect: ${expected}`, 'Content-Length: 2')}{}`,
      ),
    ),
    ...['HTTP/1.0', 'HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/', 'RTSP/1.0', ''].map((version) =>
      named(`the version ${shown(version)}`, head(`GET ${goodPath} ${version}`)),
    ),
    ...framings.map(([headers, body]) =>
      named(`the framing ${shown([...headers, body])}`, head(`POST ${goodPath} HTTP/1.1`, ...headers) + body),
    ),
    ...headers.map((header) => named(`the header ${shown(header)}`, head(`GET ${goodPath} HTTP/1.1`, header))),
    named('several at once', head(`GET ${goodPath} HTTP/1.1`).repeat(20)),
    named('several, and an odd one among them', head(`GET ${goodPath} HTTP/1.1`) + head('GET // HTTP/1.1').repeat(3)),
    named('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0'),
    { name: "TLS's first message", pieces: [clientHello] },
    { name: 'bytes of no meaning', pieces: [Uint8Array.from({ length: 4096 }, (_, index) => (index * 167) % 256)] },
    { name: 'a NUL in the target', pieces: [head('GET /\0 HTTP/1.1')] },
    { name: 'nothing', pieces: [] },
    { name: 'empty lines', pieces: ['\r\n'.repeat(1000)] },
    ...(['end', 'reset'] as const).flatMap((leaves): OddRequest[] => [
      { name: `half a request line, then ${leaves}`, pieces: [`GET ${goodPath}`], leaves },
      { name: `half of the headers, then ${leaves}`, pieces: [`GET ${goodPath} HTTP/1.1\r\nHos`], leaves },
      {
        name: `half of a body, then ${leaves}`,
        pieces: [head(`POST ${goodPath} HTTP/1.1`, 'Content-Length: 1000'), '{"'],
        leaves,
      },
      {
        name: `half of a chunk, then ${leaves}`,
        pieces: [head(`POST ${goodPath} HTTP/1.1`, 'Transfer-Encoding: chunked'), 'ff\r\n{'],
        leaves,
      },
      { name: `a whole request, then ${leaves}`, pieces: [head(`GET ${goodPath} HTTP/1.1`)], leaves },
      {
        name: `a change to websocket, then ${leaves}`,
        pieces: [head(`GET ${goodPath} HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: websocket'), '\u0081'],
        leaves,
      },
      {
        name: `a tunnel, then ${leaves}`,
        pieces: ['CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 'x'.repeat(70_000)],
        leaves,
      },
    ]),
  ];
}

/** A request with whatever headers come beside the host. */
export function head(requestLine: string, ...headerLines: readonly string[]): string {
  return [requestLine, 'Host: listener.example', ...headerLines, '', ''].join('\r\n');
}

function named(name: string, text: string): OddRequest {
  // As latin1, in which each character is the byte of its number: what JavaScript would make UTF-8 of is sent beside.
  return { name, pieces: [Buffer.from(text, /[^\0-\u00ff]/.test(text) ? 'utf8' : 'latin1')] };
}

/** Short enough for the name of a test. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text;
}

const targets = [
  '//',
  '///',
  '//[',
  '//[::1',
  '//[::1]/x',
  '//a:b/',
  '//a:99999/',
  '//@',
  '//user:password@host/',
  '//%',
  '//..',
  '/\\',
  '\\\\',
  '/\\[',
  '*',
  '/*',
  '?',
  '??',
  '#',
  '/#',
  '/?#?',
  '/%',
  '/%00',
  '/%zz',
  '/%ff%fe',
  '/%c0%ae%c0%ae/',
  '/../../etc/passwd',
  '/./././',
  '/metrics/../metrics',
  '/metrics%00',
  '/metrics?%',
  '/metrics?a=%ff&b',
  '//metrics',
  '/ä',
  '/\u00ff\u00fe',
  '/日本',
  '/\u007f',
  '/"<>^`{|}',
  '/a b',
  '/constructor',
  '/__proto__',
  'metrics',
  'http://',
  'http:',
  'http:///',
  'http:/x',
  'http://[',
  'http://a:b/',
  'http://a:99999/',
  'http://a@b@c/',
  'http://%/',
  'http://a b/',
  'http://xn--/',
  'http://elsewhere.example/metrics',
  'HTTP://ELSEWHERE.EXAMPLE',
  'https://elsewhere.example/',
  'ftp://elsewhere.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:,x',
  'urn:x',
  ':',
  ':80',
  'a:80',
  '[::1]:80',
  '.',
  '..',
  '-',
  '%',
  '',
  `/${'a'.repeat(8000)}`,
  `/${'a'.repeat(20_000)}`,
  `/${'../'.repeat(2000)}`,
  `/?${'a&'.repeat(3000)}`,
  `/${'%'.repeat(3000)}`,
];

const methods = [
  'HEAD',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
  'PROPFIND',
  'M-SEARCH',
  'PURGE',
  'SOURCE',
  'TRACK',
  'PRI',
  'UNKNOWN',
  'get',
  'Get',
  'G',
  'constructor',
  '__proto__',
  'GÄT',
  '',
  'X'.repeat(5000),
];

const hosts = [
  'X: no host at all',
  'Host:',
  'Host: ',
  'Host: a\r\nHost: b',
  'Host: a\r\nHost:',
  'Host: [',
  'Host: ]',
  'Host: [::1',
  'Host: [::1]:x',
  'Host: a:b',
  'Host: a:99999',
  'Host: a:-1',
  'Host: :80',
  'Host: //',
  'Host: /path',
  'Host: a/path',
  'Host: a/path?query#fragment',
  'Host: http://a/',
  'Host: a b',
  'Host: user:password@a',
  'Host: a@b@c',
  'Host: %',
  'Host: %00',
  'Host: <>',
  'Host: a,b',
  'Host: \\',
  'Host: ä',
  'Host: 日本',
  'Host: xn--',
  'Host: 999.999.999.999',
  'Host: 0x7f.1',
  `Host: ${'a'.repeat(10_000)}`,
];

const upgrades = [
  ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  ['Upgrade: websocket'],
  ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
  ['Upgrade: TLS/1.0'],
  ['Upgrade:'],
  ['Upgrade: a, b, c'],
  ['Upgrade: websocket', 'Content-Length: 5'],
];

const framings: readonly (readonly [headers: readonly string[], body: string])[] = [
  [['Transfer-Encoding: chunked'], 'zz\r\n'],
  [['Transfer-Encoding: chunked'], '-1\r\n'],
  [['Transfer-Encoding: chunked'], 'ffffffffffffffffff\r\n'],
  [['Transfer-Encoding: chunked'], '2\r\n{}xx0\r\n\r\n'],
  [['Transfer-Encoding: chunked'], '2;a=b\r\n{}\r\n0\r\nTrailer: x\r\n\r\n'],
  [['Transfer-Encoding: chunked'], `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
  [['Transfer-Encoding: chunked'], `0\r\n${'X: y\r\n'.repeat(5000)}\r\n`],
  [['Transfer-Encoding: chunked', 'Content-Length: 2'], '0\r\n\r\n'],
  [['Content-Length: 2', 'Transfer-Encoding: chunked'], '{}'],
  [['Transfer-Encoding: gzip'], '{}'],
  [['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
  [['Transfer-Encoding:'], '{}'],
  [['Content-Length: -1'], '{}'],
  [['Content-Length: +2'], '{}'],
  [['Content-Length: 2, 2'], '{}'],
  [['Content-Length: 2', 'Content-Length: 3'], '{}'],
  [['Content-Length: 1e1'], '{}'],
  [['Content-Length:'], '{}'],
  [['Content-Length: 99999999999999999999'], '{}'],
  [['Content-Length: 9007199254740993'], '{}'],
  [['Content-Length: 0'], '{}'],
  [['Content-Encoding: gzip', 'Content-Length: 2'], '{}'],
  [['Content-Type: multipart/form-data; boundary=', 'Content-Length: 2'], '{}'],
  [['Content-Type: application/json; charset=nonsense', 'Content-Length: 4'], 'ÿþÿþ'],
  [['Content-Type: application/json', 'Content-Length: 2'], '\0\0'],
  [['Content-Type: application/json', 'Content-Length: 20002'], `${'['.repeat(10_001)}${']'.repeat(10_001)}`],
];

const headers = [
  'no colon',
  ': no name',
  'Name : space',
  'X-Folded: a\r\n b',
  'X: \u0000',
  'X: \u0001\u007f',
  'X: ÿ',
  'X: 日本',
  '__proto__: x',
  'constructor: x',
  'Cookie: ;;;=',
  'Authorization:',
  'Authorization: Bearer',
  'Authorization: Bearer a b',
  'Authorization: Bearer ÿ',
  'Authorization: Basic %%%',
  'Range: bytes=-',
  'Accept: */*;q=x',
  'Accept-Encoding: *;q=0',
  'If-None-Match: "',
  'If-Modified-Since: never',
  'Forwarded: for="',
  'X-Forwarded-For: [',
  'X-Forwarded-For: ÿ,,,',
  `X-Forwarded-For: ${'1.1.1.1,'.repeat(1500)}`,
  'X-Forwarded-Proto: x:',
  'X-Forwarded-Host: [',
  'Connection: close, keep-alive',
  'Connection: ÿ',
  'Keep-Alive: timeout=x',
  'Proxy-Connection: keep-alive',
  'Trailer: x',
  'TE: trailers, x',
  `X: ${'a'.repeat(20_000)}`,
  Array.from({ length: 3000 }, (_, index) => `X-${index}: y`).join('\r\n'),
];

/** As a client begins that thinks the listener speaks TLS. */
const clientHello = Buffer.from(
  `16030100c5010000c10303${'5a'.repeat(32)}20${'a5'.repeat(32)}0006130113021303010000720000000e000c0000096c6f63616c686f7374`,
  'hex',
);
