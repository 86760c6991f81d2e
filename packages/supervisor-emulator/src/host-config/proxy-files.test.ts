import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { changeProxy, readProxy } from './proxy-files.js';
import type { ProxyFiles } from '../model/host.js';

const none: ProxyFiles = { redsocks: undefined, noProxy: undefined };
const proxy = { type: 'socks5', ip: '192.0.2.7', port: 1080 };

function after(...changes: Record<string, unknown>[]): unknown {
  return readProxy(changes.reduce<ProxyFiles>((files, change) => changeProxy(files, change).files, none));
}

test.each<[string, Record<string, unknown>[], unknown]>([
  ['nothing', [], undefined],
  ['a whole proxy', [proxy], proxy],
  ['a port as text', [{ ...proxy, port: '1080' }], proxy],
  ['dns: true', [{ ...proxy, dns: true }], { ...proxy, dns: '8.8.8.8:53' }],
  ['dns: false', [{ ...proxy, dns: false }], proxy],
  ['an address for dns', [{ ...proxy, dns: '192.0.2.53:5353' }], { ...proxy, dns: '192.0.2.53:5353' }],
  ['an IPv6 address for dns, which is lost', [{ ...proxy, dns: '::1:53' }], proxy],
  ['a part', [proxy, { ip: '192.0.2.8' }], { ...proxy, ip: '192.0.2.8' }],
  ['an additional field', [proxy, { colour: 'red' }], { ...proxy, colour: 'red' }],
  ['a field that is reserved for the device', [proxy, { local_port: 1 }], proxy],
  ['an empty change', [proxy, {}], undefined],
  ['a part without the rest', [{ ip: '192.0.2.8' }], {}],
  ['a wrong type, which removes everything else', [proxy, { type: 'ftp' }], {}],
  ['a wrong type, then only the right one', [proxy, { type: 'ftp' }, { type: 'socks4' }], {}],
  ['only dns', [{ dns: true }], undefined],
  ['only noProxy, without a proxy', [{ noProxy: ['a'] }], undefined],
  ['noProxy', [{ ...proxy, noProxy: ['a', 'b'] }], { ...proxy, noProxy: ['a', 'b'] }],
  ['noProxy, later', [proxy, { noProxy: ['a'] }], { ...proxy, noProxy: ['a'] }],
  ['the same noProxy again, which removes the proxy', [{ ...proxy, noProxy: ['a'] }, { noProxy: ['a'] }], undefined],
  ['noProxy that outlives the proxy', [{ ...proxy, noProxy: ['a'] }, {}, proxy], { ...proxy, noProxy: ['a'] }],
  [
    'noProxy emptied',
    [
      { ...proxy, noProxy: ['a'] },
      { ...proxy, noProxy: [] },
    ],
    proxy,
  ],
  [
    'noProxy that is not a list',
    [
      { ...proxy, noProxy: ['a'] },
      { ...proxy, noProxy: 'a' },
    ],
    proxy,
  ],
  ['a login with quotes', [{ ...proxy, login: '"me"', password: 'a"b' }], { ...proxy, login: 'me', password: 'ab' }],
])('%s', (_case, changes, expected) => {
  expect(after(...changes)).toEqual(expected);
});

test('the file has the format of redsocks', () => {
  expect(changeProxy(none, { ...proxy, login: 'me', password: 'secret', dns: true }).files.redsocks).toBe(
    'base {\n\tlog_debug = off;\n\tlog_info = on;\n\tlog = stderr;\n\tdaemon = off;\n\tredirector = iptables;\n}\n\n' +
      'redsocks {\n\ttype = socks5;\n\tip = 192.0.2.7;\n\tport = 1080;\n\tlogin = "me";\n\tpassword = "secret";\n' +
      '\tlocal_ip = 127.0.0.1;\n\tlocal_port = 12345;\n}\n\n' +
      'dnsu2t {\n\tremote_ip = 8.8.8.8;\n\tremote_port = 53;\n\tlocal_ip = 127.0.0.1;\n\tlocal_port = 53;\n}\n',
  );
});

test.each([
  [5, 'value.startsWith is not a function'],
  [null, "Cannot read properties of null (reading 'startsWith')"],
])('a login of %j makes it fail, after noProxy was written', (login, failure) => {
  expect(changeProxy(none, { ...proxy, login, noProxy: ['a'] })).toEqual({
    files: { redsocks: undefined, noProxy: 'a' },
    failure,
  });
});

test('whatever is written, something can be read back', () => {
  const fields = fc.dictionary(fc.string(), fc.jsonValue()).map(({ dns: _dns, ...change }) => change);
  fc.assert(
    fc.property(fc.array(fields), (changes) => {
      expect(['object', 'undefined']).toContain(typeof after(...changes));
    }),
  );
});
