import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Enrolment, Identity } from '../identity/identity.js';
import { type ResolvedIdentity, resolveIdentity } from '../identity/resolve-identity.js';
import { configFromEnv } from './config-from-env.js';
import { systemRandomness } from '../ports/randomness.js';
import { isBaseRunnerError } from './runner-error.js';
import { Secret } from '../values/secret.js';
import { type Environment, parseConfig } from './parse-config.js';
import { inSentences } from '../values/problem.js';

const here = 'https://cloudly.example';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baseos-needless-'));
  writeFileSync(join(folder, 'empty'), '\n');
  writeFileSync(join(folder, 'malformed'), 'two words');
});
afterAll(() => rmSync(folder, { recursive: true }));

function node(enrolment?: Partial<Enrolment>, parts: Partial<Identity> = {}): Identity {
  return {
    nodeId: 'stored-node',
    nodeSecret: new Secret('stored-secret'),
    enrolment: enrolment && { origin: here, legacy: false, ...enrolment },
    ...parts,
  };
}

const enrolled = node({ nodeToken: new Secret('stored-token') });
const pending = node({ cloudlyId: 'cloudly-1' });
const revoked = node({ dormancy: { since: '2026-01-01T00:00:00Z', verdictOn: 'heartbeat', cloudlyUrl: `${here}/` } });
const registering = node();
const elsewhere = node({ origin: 'https://other.example', nodeToken: new Secret('stored-token') });

type Stored = Identity | 'nothing' | 'unreadable';

/** The result of an environment: the variables that prevent a start, or the warnings. */
function outcome(environment: Environment, stored: Stored): { refuses: string[] } | ResolvedIdentity {
  try {
    const config = configFromEnv({ BASEOS_CLOUDLY_URL: here, ...environment });
    return resolveIdentity({
      stored: typeof stored === 'string' ? undefined : { identity: stored, source: 'state-file' },
      hadIdentity: stored === 'unreadable',
      isUnreadable: stored === 'unreadable',
      config,
      randomness: systemRandomness,
    });
  } catch (error) {
    if (!isBaseRunnerError(error)) throw error;
    return { refuses: error.mistakes.map(({ variable }) => variable) };
  }
}

const slips: Record<string, () => Environment> = {
  'a malformed join token': () => ({ BASEOS_JOIN_TOKEN: 'two words' }),
  'a malformed join token in a file': () => ({ BASEOS_JOIN_TOKEN_FILE: join(folder, 'malformed') }),
  'a missing join token file': () => ({ BASEOS_JOIN_TOKEN_FILE: join(folder, 'missing') }),
  'an empty join token file': () => ({ BASEOS_JOIN_TOKEN_FILE: join(folder, 'empty') }),
  'a join token both ways': () => ({ BASEOS_JOIN_TOKEN: 'join', BASEOS_JOIN_TOKEN_FILE: join(folder, 'malformed') }),
  'a relative join token file': () => ({ BASEOS_JOIN_TOKEN_FILE: 'token' }),
  'a directory as join token file': () => ({ BASEOS_JOIN_TOKEN_FILE: folder }),
  'a malformed node token': () => ({ BASEOS_NODE_TOKEN: 'two words' }),
  'a missing node token file': () => ({ BASEOS_NODE_TOKEN_FILE: join(folder, 'missing') }),
  'a node token both ways': () => ({ BASEOS_NODE_TOKEN: 'node', BASEOS_NODE_TOKEN_FILE: join(folder, 'malformed') }),
  'a malformed former origin': () => ({ BASEOS_CLOUDLY_MOVED_FROM: 'nonsense' }),
  'a malformed node ID': () => ({ BASEOS_NODE_ID: 'shop 3' }),
};
const names = Object.keys(slips);

function slip(name: string): Environment {
  return slips[name]?.() ?? {};
}

describe('a setting that the stored identity makes redundant', () => {
  test.each(names)('does not prevent an enrolled node from starting: %s', (name) => {
    for (const stored of [enrolled, pending, revoked]) {
      expect(outcome(slip(name), stored)).toMatchObject({ identity: { nodeId: 'stored-node' } });
    }
  });

  test('may be combined with all the others', () => {
    const all = Object.assign({}, ...names.map(slip)) as Environment;
    expect(outcome(all, enrolled)).toMatchObject({ identity: enrolled });
  });

  test.each(names.filter((name) => !name.startsWith('a missing') && !name.startsWith('an empty')))(
    'causes a warning that names it and shows no secret: %s',
    (name) => {
      const found = outcome(slip(name), enrolled) as ResolvedIdentity;
      expect(found.warnings).toHaveLength(1);
      const warning = found.warnings.map(inSentences).join();
      expect(warning).toMatch(new RegExp(`${Object.keys(slip(name))[0]}\\b.*(is not needed|stored identity)`));
      expect(warning).not.toContain('two words');
    },
  );

  test('would let a revoked node register anew, as the warning says', () => {
    const found = outcome(slip('a malformed join token'), revoked) as ResolvedIdentity;
    expect(found.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^BASEOS_JOIN_TOKEN .*revoked and needs it only to register again/),
    ]);
  });

  test.each(['a missing join token file', 'an empty join token file', 'a missing node token file'])(
    'causes no warning if it was removed as advised: %s',
    (name) => expect(outcome(slip(name), enrolled)).toMatchObject({ warnings: [] }),
  );

  test.each(names)('prevents a new node from starting: %s', (name) => {
    const [variable = ''] = Object.keys(slip(name));
    const found = outcome(slip(name), 'nothing') as { refuses: string[] };
    // What is wrong with the content of a file is wrong with the value.
    expect(found.refuses.map((refused) => refused.replace(/_FILE$/, ''))).toEqual([variable.replace(/_FILE$/, '')]);
  });

  test.each(names.filter((name) => name !== 'a malformed node ID' && !/missing|empty/.test(name)))(
    'prevents a node enrolled with another Cloudly from starting: %s',
    (name) => {
      for (const stored of [registering, elsewhere]) expect(outcome(slip(name), stored)).toHaveProperty('refuses');
    },
  );

  test('is not required by a node whose registration may have been answered: it tries with its key', () => {
    const found = outcome(slip('a missing join token file'), registering) as ResolvedIdentity;
    expect(found.warnings).toMatchObject([{ message: expect.stringContaining('tries to register without it') }]);
  });

  test.each(names)('is not judged before the identity can be read: %s', (name) => {
    const found = outcome(slip(name), 'unreadable') as ResolvedIdentity;
    expect(found.warnings).toMatchObject([{ message: expect.stringContaining('cannot be read') }]);
  });

  test('includes the join token of a new node that has a node token', () => {
    const given = { BASEOS_NODE_ID: 'shop-3', BASEOS_NODE_TOKEN: 'node', BASEOS_JOIN_TOKEN: 'two words' };
    expect(outcome(given, 'nothing')).toMatchObject({ identity: { nodeId: 'shop-3' }, warnings: [expect.anything()] });
  });

  test('does not include the ID of a device whose disk was copied', () => {
    const copied = node({ nodeToken: new Secret('stored-token') }, { deviceUuid: 'device-1' });
    const environment = { BASEOS_NODE_ID: 'shop 3', BALENA_DEVICE_UUID: 'device-2' };
    expect(outcome(environment, copied)).toEqual({ refuses: ['BASEOS_NODE_ID'] });
  });

  test('is reported together with all others when a required one is invalid', () => {
    const environment = { ...slip('a malformed join token'), BASEOS_LOG_LEVEL: 'loud' };
    expect(outcome(environment, enrolled)).toEqual({ refuses: ['BASEOS_JOIN_TOKEN', 'BASEOS_LOG_LEVEL'] });
  });
});

const loopback = 'http://127.0.0.1:8437';

describe('a setting that has no effect next to the others', () => {
  test.each<[string, Environment, RegExp | undefined]>([
    [
      'a SOCKS proxy for http, with an https Cloudly',
      { BASEOS_CLOUDLY_URL: here, HTTP_PROXY: 'socks5://p:1' },
      undefined,
    ],
    [
      'a SOCKS proxy for https, with a Cloudly here',
      { BASEOS_CLOUDLY_URL: loopback, HTTPS_PROXY: 'socks5://p:1' },
      undefined,
    ],
    [
      'a SOCKS proxy that NO_PROXY turns off',
      { BASEOS_CLOUDLY_URL: here, HTTPS_PROXY: 'socks5://p:1', NO_PROXY: '*' },
      undefined,
    ],
    [
      'a SOCKS proxy for others',
      { BASEOS_CLOUDLY_URL: here, https_proxy: 'socks5://p:1', no_proxy: '.example' },
      undefined,
    ],
    ['a proxy to this machine', { BASEOS_CLOUDLY_URL: loopback, HTTP_PROXY: 'nonsense' }, undefined],
    ['proxies without a Cloudly', { HTTPS_PROXY: 'socks5://p:1', http_proxy: 'nonsense' }, undefined],
    ['a join token without a Cloudly', { BASEOS_JOIN_TOKEN: 'two words' }, /^BASEOS_JOIN_TOKEN has no effect without/],
    [
      'a join token file without a Cloudly',
      { BASEOS_JOIN_TOKEN_FILE: '/nowhere/token' },
      /^BASEOS_JOIN_TOKEN has no effect/,
    ],
    [
      'a node token without a Cloudly',
      { BASEOS_NODE_TOKEN_FILE: '/nowhere/token' },
      /^BASEOS_NODE_TOKEN has no effect/,
    ],
    [
      'a former origin without a Cloudly',
      { BASEOS_CLOUDLY_MOVED_FROM: 'nonsense' },
      /^BASEOS_CLOUDLY_MOVED_FROM has no effect/,
    ],
    ['authorities without a Cloudly', { BASEOS_CA_FILE: '/nowhere/ca.pem' }, /^BASEOS_CA_FILE has no effect without/],
    [
      'authorities for plain http',
      { BASEOS_CLOUDLY_URL: loopback, BASEOS_CA_FILE: '/nowhere/ca.pem' },
      /ENOENT.*not used/,
    ],
    [
      'a value of them for plain http',
      { BASEOS_CLOUDLY_URL: loopback, BASEOS_CA_PEM: 'nonsense' },
      /no certificate.*not used/,
    ],
    [
      'a flag for plain http, with https',
      { BASEOS_CLOUDLY_URL: here, BASEOS_ALLOW_INSECURE_HTTP: 'yes' },
      /"yes".*not used/,
    ],
    [
      'a flag for plain http that stays on this machine',
      { BASEOS_CLOUDLY_URL: loopback, BASEOS_ALLOW_INSECURE_HTTP: 'yes' },
      /"yes".*not used/,
    ],
    ['a spread without a Cloudly', { BASEOS_START_SPREAD_MS: '-1' }, /BASEOS_START_SPREAD_MS.*not used/],
    [
      'a key without a Supervisor',
      { BALENA_SUPERVISOR_API_KEY: 'two words' },
      /^BALENA_SUPERVISOR_API_KEY has no effect/,
    ],
    [
      'a key file without a Supervisor',
      { BALENA_SUPERVISOR_API_KEY_FILE: '/nowhere' },
      /^BALENA_SUPERVISOR_API_KEY has no effect/,
    ],
  ])('is not an error and causes at most a warning: %s', (_what, environment, warning) => {
    const parsed = parseConfig(environment);
    expect(parsed).toMatchObject({ ok: true });
    const warnings = parsed.ok ? parsed.config.warnings : [];
    expect(warnings).toHaveLength(warning ? 1 : 0);
    expect(warnings.map(inSentences).join()).toMatch(warning ?? /^$/);
  });

  test.each<[string, Environment]>([
    ['HTTPS_PROXY', { BASEOS_CLOUDLY_URL: here, HTTPS_PROXY: 'socks5://p:1', NO_PROXY: 'other.example' }],
    [
      'HTTP_PROXY',
      { BASEOS_CLOUDLY_URL: 'http://cloudly.example', BASEOS_ALLOW_INSECURE_HTTP: '1', HTTP_PROXY: 'socks5://p:1' },
    ],
    ['BASEOS_CA_FILE', { BASEOS_CLOUDLY_URL: here, BASEOS_CA_FILE: '/nowhere/ca.pem' }],
    [
      'BASEOS_CA_PEM',
      {
        BASEOS_CLOUDLY_URL: 'http://cloudly.example',
        BASEOS_ALLOW_INSECURE_HTTP: '1',
        HTTP_PROXY: 'https://proxy.example',
        BASEOS_CA_PEM: 'nonsense',
      },
    ],
    ['BALENA_SUPERVISOR_API_KEY', { BALENA_SUPERVISOR_ADDRESS: loopback, BALENA_SUPERVISOR_API_KEY: 'two words' }],
  ])('is an error if it has an effect: %s', (variable, environment) => {
    expect(parseConfig(environment)).toMatchObject({ ok: false, mistakes: [{ variable }] });
  });

  test('cannot be told from one with an effect if Cloudly’s address is invalid', () => {
    const environment = { BASEOS_CLOUDLY_URL: 'nonsense', HTTP_PROXY: 'socks5://p:1', BASEOS_JOIN_TOKEN: 'two words' };
    expect(parseConfig(environment)).toMatchObject({
      ok: false,
      mistakes: [{ variable: 'BASEOS_CLOUDLY_URL' }, { variable: 'BASEOS_JOIN_TOKEN' }, { variable: 'HTTP_PROXY' }],
    });
  });
});
