import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { describe, expect, test } from 'vitest';
import { runCommandIn } from '../../test/run-command.js';
import { type FleetFlags, findServerAccess } from './server-access.js';

const url = 'https://cloudly.example';
const token = 'bot_1_secret';
type Env = Record<string, string>;

test.each<[FleetFlags, Env]>([
  [{ server: `${url}/` }, { CLOUDLY_TOKEN: token }],
  [{}, { CLOUDLY_SERVER: url, CLOUDLY_TOKEN: token }],
  [
    { server: url },
    { CLOUDLY_SERVER: 'https://another.example', CLOUDLY_TOKEN: token, CLOUDLY_DATABASE_URL: 'postgres://db/a' },
  ],
])('with %j and %j, the fleet is on a server', (flags, env) => {
  expect(findServerAccess(flags, env)).toEqual({ url, token });
});

test.each<[FleetFlags, Env]>([
  [{}, { CLOUDLY_TOKEN: token }],
  [{ data: '/var/lib/cloudly' }, { CLOUDLY_SERVER: url }],
  [{ database: 'postgres://db/a' }, { CLOUDLY_SERVER: url, CLOUDLY_DATABASE_URL: 'postgres://db/b' }],
])('with %j and %j, the fleet is in a database', (flags, env) => {
  expect(findServerAccess(flags, env)).toBeUndefined();
});

test('a file may have the token, which is used rather than the one of the environment', () => {
  const path = join(temporaryFolder(), 'token');
  writeFileSync(path, `${token}\n`);
  const flags = { server: url, 'token-file': path };
  expect(findServerAccess(flags, { CLOUDLY_TOKEN: 'bot_2_other' })).toEqual({ url, token });
});

test.each(['http://localhost:8437', 'http://127.0.0.1:8437', 'http://[::1]:8437'])(
  'the token may go to %s',
  (server) => {
    expect(findServerAccess({ server }, { CLOUDLY_TOKEN: token })?.url).toBe(server);
  },
);

test('over plain http to another machine, the token goes only if that is wanted', () => {
  const env = { CLOUDLY_SERVER: 'http://10.0.0.1:8437', CLOUDLY_TOKEN: token };
  expect(() => findServerAccess({}, env)).toThrow(
    'The network could read the token on its way to http://10.0.0.1:8437.',
  );
  expect(findServerAccess({}, { ...env, CLOUDLY_ALLOW_INSECURE_HTTP: '1' })?.token).toBe(token);
});

describe('a mistake is told, and no token with it', () => {
  test.each<[string, FleetFlags, Env]>([
    ['There is no API token for the server. Put one into CLOUDLY_TOKEN', { server: url }, {}],
    [
      '--server cannot be used together with --data or --database',
      { server: url, data: 'a' },
      { CLOUDLY_TOKEN: token },
    ],
    [
      'CLOUDLY_SERVER and CLOUDLY_DATABASE_URL are both set',
      {},
      { CLOUDLY_SERVER: url, CLOUDLY_DATABASE_URL: 'postgres://db/a' },
    ],
    ['--token-file is for a fleet on a server', { 'token-file': '/run/token' }, {}],
    ['--token-file cannot be read: ENOENT. It must be the path of a file', { server: url, 'token-file': token }, {}],
    ['CLOUDLY_TOKEN contains a join token', { server: url }, { CLOUDLY_TOKEN: 'bjt_secret' }],
    ['CLOUDLY_TOKEN contains the token of a node', { server: url }, { CLOUDLY_TOKEN: 'bnt_secret' }],
    ['CLOUDLY_TOKEN contains a space', { server: url }, { CLOUDLY_TOKEN: `${token} ` }],
    ['--server must be an address that starts with https://', { server: 'https://a:secret@cloudly.example' }, {}],
    ['CLOUDLY_SERVER must be an address that starts with https://', {}, { CLOUDLY_SERVER: 'cloudly.example' }],
  ])('%s', (message, flags, env) => {
    let told = '';
    try {
      findServerAccess(flags, env);
    } catch (error) {
      told = String(error);
    }
    expect(told).toContain(message);
    expect(told.replace('a:secret@', '')).not.toContain('secret');
  });
});

test.each([['backup', 'copy.sqlite'], ['recover']])('%s is refused for a fleet on a server', async (...argv) => {
  expect(await runCommandIn({}, ...argv, '--server', url)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(
      'This command works on the database itself. Run it on a machine that has the database',
    ),
  });
  expect(await runCommandIn({ CLOUDLY_SERVER: url }, ...argv)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('CLOUDLY_SERVER names a server, but this command works on the database itself.'),
  });
  expect((await runCommandIn({}, ...argv, '--help')).stdout).not.toContain('--server');
});
