import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { eraOf } from '../eras/era.js';
import { parseHostConfig as parse } from './host-config.js';

function parseHostConfig(body: unknown): ReturnType<typeof parse> {
  return parse(body, eraOf('19.0.5'));
}

const network =
  'Partial<{| proxy: ({ [K in string]: any } & Partial<{ dns: (AddressString | boolean) }>), hostname: string |}>';

test.each<[unknown, string]>([
  [{}, `Expecting ${network} at network but instead got: undefined`],
  [[], `Expecting { network: ${network} } but instead got: []`],
  [{ network: 'x' }, `Expecting ${network} at network but instead got: "x"`],
  [{ network: null }, `Expecting ${network} at network but instead got: null`],
  [{ network: { hostname: 5 } }, 'Expecting string at network.hostname but instead got: 5'],
  [{ network: { hostname: {} } }, 'Expecting string at network.hostname but instead got: {}'],
  [{ network: { hostname: null } }, 'Expecting string at network.hostname but instead got: null'],
  [
    { network: { proxy: { dns: 'nope' } } },
    'Expecting one of:\n    AddressString\n    boolean\nat network.proxy.1.dns but instead got: "nope"',
  ],
  [
    { network: { proxy: { dns: 5 } } },
    'Expecting one of:\n    AddressString\n    boolean\nat network.proxy.1.dns but instead got: 5',
  ],
  [
    { network: { proxy: 'x', hostname: 5 } },
    'Expecting string at network.hostname but instead got: 5\n' +
      'Expecting { [K in string]: any } at network.proxy.0 but instead got: "x"\n' +
      'Expecting Partial<{ dns: (AddressString | boolean) }> at network.proxy.1 but instead got: "x"',
  ],
  [
    { network: { proxy: [] } },
    'Expecting Partial<{ dns: (AddressString | boolean) }> at network.proxy.1 but instead got: []',
  ],
])('%j is rejected with a sentence for each place', (body, report) => {
  const message = `Could not parse host config input to a valid format:\n${report}`;
  expect(parseHostConfig(body)).toEqual({ ok: false, message });
});

test('a documented change is parsed leniently: the port becomes a number, other fields are dropped', () => {
  const proxy = { type: 'socks5', ip: '192.0.2.7', port: '8123', dns: true, noProxy: ['192.0.2.0/24'] };
  const body = { force: true, network: { hostname: 'left', proxy: { ...proxy, colour: 'red' }, colour: 'red' } };
  const change = { force: true, network: { hostname: 'left', proxy: { ...proxy, port: 8123 } } };
  expect(parseHostConfig(body)).toEqual({ ok: true, change });
});

test.each([{ type: 'ftp' }, { port: '8123' }, { noProxy: 'x' }, { login: 5 }, { colour: 'red' }, {}])(
  'a proxy that merely has the right shape is accepted as it is: %j',
  (proxy) => {
    expect(parseHostConfig({ network: { proxy } })).toEqual({ ok: true, change: { network: { proxy } } });
  },
);

test('parses any JSON without throwing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      const parsed = parseHostConfig(body);
      expect(parsed.ok || parsed.message.startsWith('Could not parse host config')).toBe(true);
    }),
  );
});
