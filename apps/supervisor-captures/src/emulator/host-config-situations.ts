import type { Scene, Situation } from './scene.js';

const hostConfig = 'PATCH /v1/device/host-config';

const proxyScenes = combine([
  [{}, { login: 'user' }],
  [{}, { password: 'secret' }],
  [{}, { dns: true }],
  [{}, { noProxy: ['10.0.0.0/8', '192.0.2.4'] }],
]).map((further): Scene => ({
  name: ['a proxy is set', ...Object.keys(further)].join(', '),
  arrange: ({ ask }) =>
    ask(hostConfig, { network: { proxy: { type: 'socks5', ip: 'proxy.example', port: 8123, ...further } } }),
}));

/** Each way of taking one object of each list, as one object. */
function combine(lists: readonly (readonly object[])[]): object[] {
  return lists.reduce<object[]>(
    (made, list) => made.flatMap((one) => list.map((other) => ({ ...one, ...other }))),
    [{}],
  );
}

/** A proxy of a type that there is none: the file that is written then is not understood when it is read. */
const brokenProxyScenes = [{}, { noProxy: ['10.0.0.0/8'] }].map((exceptions): Scene => ({
  name: `a proxy of a wrong type is set${'noProxy' in exceptions ? ' with noProxy' : ''}`,
  arrange: ({ ask }) =>
    ask(hostConfig, { network: { proxy: { type: 'nope', ip: 'proxy.example', port: 1, ...exceptions } } }),
}));

/** What the host was configured with before. */
export const hostConfigSituations: readonly Situation[] = [
  {
    name: 'the host is configured',
    certain: /host-config get after/,
    possible: /host-config/,
    on: 'managed',
    scenes: [
      ...proxyScenes,
      ...brokenProxyScenes,
      { name: 'a host name is set', arrange: ({ ask }) => ask(hostConfig, { network: { hostname: 'newname' } }) },
    ],
  },
];
