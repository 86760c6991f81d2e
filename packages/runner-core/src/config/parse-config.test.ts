import fc from 'fast-check';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Environment, parseConfig, type ParseConfigOptions } from './parse-config.js';
import { variables } from './variables.js';
import { inSentences } from '../values/problem.js';

function accepted(environment: Environment, options?: ParseConfigOptions) {
  const parsed = parseConfig(environment, options);
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join('\n'));
  return parsed.config;
}

/** Beside these every setting counts: one that does nothing is not judged. */
function besides(environment: Environment): Environment {
  return {
    ...('RESIN_SUPERVISOR_ADDRESS' in environment ? {} : { BALENA_SUPERVISOR_ADDRESS: 'http://127.0.0.1:48484' }),
    BASEOS_CLOUDLY_URL: 'https://cloudly.example',
    ...('BASEOS_ALLOW_INSECURE_HTTP' in environment && { BASEOS_CLOUDLY_URL: 'http://cloudly.example' }),
    ...('HTTP_PROXY' in environment && {
      BASEOS_CLOUDLY_URL: 'http://cloudly.example',
      BASEOS_ALLOW_INSECURE_HTTP: '1',
    }),
  };
}

function mistakesOf(environment: Environment, options?: ParseConfigOptions) {
  const parsed = parseConfig({ ...besides(environment), ...environment }, options);
  return parsed.ok ? [] : parsed.mistakes;
}

describe('an empty environment', () => {
  test('gives an agent without Cloudly and without a Supervisor, with the documented defaults', () => {
    const config = accepted({});
    expect(config).toMatchObject({
      cloudlyUrl: undefined,
      supervisorAddress: undefined,
      statePath: '/data/baseos/state.json',
      heartbeatIntervalMs: 60_000,
      startSpreadMs: 60_000,
      logLevel: 'info',
      logFormat: 'pretty',
      allowInsecureHttp: false,
      warnings: [],
    });
  });

  test('is the same as one with empty variables', () => {
    const empty = Object.fromEntries(variables.map(({ name }) => [name, '']));
    expect(accepted(empty)).toEqual(accepted({}));
  });

  test('gives the source of every variable', () => {
    const { sources } = accepted({});
    expect(Object.keys(sources).toSorted()).toEqual(variables.map(({ name }) => name).toSorted());
    expect(sources).toMatchObject({ BASEOS_STATE_PATH: 'default', BASEOS_JOIN_TOKEN: 'unset' });
  });
});

describe('values', () => {
  test('are parsed, with their source', () => {
    const config = accepted({
      BASEOS_CLOUDLY_URL: 'https://cloudly.example/tenant/',
      BASEOS_JOIN_TOKEN: 'join',
      BASEOS_NODE_TOKEN: 'node',
      BASEOS_NODE_ID: '0191E9E0-0000-4000-8000-ABCDEFABCDEF',
      BASEOS_STATE_PATH: '/state/../state/node.json',
      BASEOS_HEARTBEAT_INTERVAL_MS: '5000',
      BASEOS_RUN_PATH: '/run/here',
      BASEOS_LOG_LEVEL: 'DEBUG',
      BASEOS_LOG_FORMAT: 'json',
      BASEOS_CLOUDLY_MOVED_FROM: 'https://Old.example:443',
      BALENA_SUPERVISOR_ADDRESS: 'http://10.114.104.1:48484/',
      BALENA_SUPERVISOR_API_KEY: 'key',
    });
    expect(config).toMatchObject({
      nodeId: '0191e9e0-0000-4000-8000-abcdefabcdef',
      statePath: '/state/node.json',
      heartbeatIntervalMs: 5000,
      startSpreadMs: 5000,
      runPath: '/run/here',
      logLevel: 'debug',
      logFormat: 'json',
      cloudlyMovedFrom: 'https://old.example',
      supervisorAddress: 'http://10.114.104.1:48484',
      warnings: [],
    });
    expect(config.cloudlyUrl?.href).toBe('https://cloudly.example/tenant/');
    expect([config.joinToken, config.nodeToken, config.supervisorApiKey].map((secret) => secret?.reveal())).toEqual([
      'join',
      'node',
      'key',
    ]);
    expect(config.sources).toMatchObject({ BASEOS_NODE_ID: 'environment', BASEOS_START_SPREAD_MS: 'default' });
  });

  test('of the Supervisor fall back to their former names if the new ones are unset', () => {
    const former = { RESIN_SUPERVISOR_ADDRESS: 'http://127.0.0.1:1', RESIN_SUPERVISOR_API_KEY: 'former' };
    expect(accepted(former).supervisorAddress).toBe('http://127.0.0.1:1');
    expect(accepted(former).supervisorApiKey?.reveal()).toBe('former');
    const both = accepted({ ...former, BALENA_SUPERVISOR_ADDRESS: 'http://127.0.0.1:2' });
    expect(both.supervisorAddress).toBe('http://127.0.0.1:2');
  });

  test('of the device are read from BALENA_* variables', () => {
    const { device } = accepted({
      BALENA_DEVICE_UUID: '6eeeeeeb0000000000000000000000aa',
      BALENA_DEVICE_TYPE: 'raspberrypi4-64',
      BALENA_APP_ID: '1234',
      BALENA_APP_NAME: 'Shop windows',
      BALENA_SERVICE_NAME: 'baserunner',
      BALENA_HOST_OS_VERSION: 'balenaOS 6.5.1',
    });
    expect(device).toEqual({
      uuid: '6eeeeeeb0000000000000000000000aa',
      type: 'raspberrypi4-64',
      appId: 1234,
      appName: 'Shop windows',
      serviceName: 'baserunner',
      hostOsVersion: 'balenaOS 6.5.1',
    });
  });

  test('of the device that are invalid are dropped with a warning and do not prevent a start', () => {
    const config = accepted({ BALENA_APP_ID: 'twelve', BALENA_DEVICE_UUID: 'a b', BALENA_APP_NAME: 'line\nbreak' });
    expect(config.device).toEqual({});
    expect(config.warnings).toHaveLength(3);
    expect(config.warnings[0]?.message).toContain('BALENA_DEVICE_UUID');
  });
});

describe('an error', () => {
  test.each<[string, Environment, string, RegExp]>([
    [
      'an interval that is not a number',
      { BASEOS_HEARTBEAT_INTERVAL_MS: 'abc' },
      'BASEOS_HEARTBEAT_INTERVAL_MS',
      /"abc".*not a whole number/,
    ],
    [
      'an interval with a fraction',
      { BASEOS_HEARTBEAT_INTERVAL_MS: '1500.5' },
      'BASEOS_HEARTBEAT_INTERVAL_MS',
      /not a whole number/,
    ],
    [
      'an interval that is too small',
      { BASEOS_HEARTBEAT_INTERVAL_MS: '999' },
      'BASEOS_HEARTBEAT_INTERVAL_MS',
      /too small/,
    ],
    [
      'an interval that is too large',
      { BASEOS_HEARTBEAT_INTERVAL_MS: '3600001' },
      'BASEOS_HEARTBEAT_INTERVAL_MS',
      /too large/,
    ],
    ['a negative spread', { BASEOS_START_SPREAD_MS: '-1' }, 'BASEOS_START_SPREAD_MS', /not a whole number/],
    [
      'a URL without a scheme',
      { BASEOS_CLOUDLY_URL: 'cloudly.example' },
      'BASEOS_CLOUDLY_URL',
      /"cloudly.example".*https:\/\//,
    ],
    [
      'a URL of another scheme',
      { BASEOS_CLOUDLY_URL: 'ftp://cloudly.example' },
      'BASEOS_CLOUDLY_URL',
      /does not begin/,
    ],
    ['an invalid URL', { BASEOS_CLOUDLY_URL: 'https://a b:0:' }, 'BASEOS_CLOUDLY_URL', /space/],
    [
      'a URL that hides its host after an @',
      { BASEOS_CLOUDLY_URL: 'https://cloudly.example@evil.example' },
      'BASEOS_CLOUDLY_URL',
      /user name/,
    ],
    [
      'a URL with a backslash',
      { BASEOS_CLOUDLY_URL: 'https://cloudly.example\\@evil.example' },
      'BASEOS_CLOUDLY_URL',
      /backslash/,
    ],
    [
      'a URL with a tab in its scheme',
      { BASEOS_CLOUDLY_URL: 'ht\ttps://cloudly.example' },
      'BASEOS_CLOUDLY_URL',
      /does not begin/,
    ],
    ['a URL with a space', { BASEOS_CLOUDLY_URL: 'https://cloudly.example ' }, 'BASEOS_CLOUDLY_URL', /space/],
    ['a URL with a query', { BASEOS_CLOUDLY_URL: 'https://cloudly.example/?' }, 'BASEOS_CLOUDLY_URL', /query/],
    ['a URL with a fragment', { BASEOS_CLOUDLY_URL: 'https://cloudly.example/#' }, 'BASEOS_CLOUDLY_URL', /fragment/],
    ['a node ID with a space', { BASEOS_NODE_ID: 'shop 3' }, 'BASEOS_NODE_ID', /"shop 3", which contains a space\./],
    ['a node ID with an umlaut', { BASEOS_NODE_ID: 'küche/3' }, 'BASEOS_NODE_ID', /which contains "ü"\./],
    ['a node ID with a leading dash', { BASEOS_NODE_ID: '-3' }, 'BASEOS_NODE_ID', /which begins with "-"\./],
    ['a node ID that is too long', { BASEOS_NODE_ID: 'n'.repeat(129) }, 'BASEOS_NODE_ID', /too long/],
    ['a state path that is a directory', { BASEOS_STATE_PATH: '/data/baseos/' }, 'BASEOS_STATE_PATH', /directory/],
    ['an unknown log level', { BASEOS_LOG_LEVEL: 'loud' }, 'BASEOS_LOG_LEVEL', /"loud"/],
    ['an unknown log format', { BASEOS_LOG_FORMAT: 'xml' }, 'BASEOS_LOG_FORMAT', /"xml"/],
    [
      'a flag with another value',
      { BASEOS_ALLOW_INSECURE_HTTP: 'yes' },
      'BASEOS_ALLOW_INSECURE_HTTP',
      /is "yes", which is neither\.$/,
    ],
    [
      'a former origin with a path',
      { BASEOS_CLOUDLY_MOVED_FROM: 'https://a.example/b' },
      'BASEOS_CLOUDLY_MOVED_FROM',
      /path/,
    ],
    [
      'an invalid Supervisor address',
      { BALENA_SUPERVISOR_ADDRESS: '10.114.104.1' },
      'BALENA_SUPERVISOR_ADDRESS',
      /"10.114.104.1"/,
    ],
    [
      'an error under a former name',
      { RESIN_SUPERVISOR_ADDRESS: 'nowhere' },
      'BALENA_SUPERVISOR_ADDRESS',
      /^RESIN_SUPERVISOR_ADDRESS/,
    ],
  ])('%s names its variable', (_name, environment, variable, message) => {
    const mistakes = mistakesOf(environment);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]?.variable).toBe(variable);
    expect(mistakes[0]?.message).toMatch(message);
    expect(mistakes[0]).toMatchObject({ code: 'setting-invalid', expected: expect.any(String) });
    const readName = Object.keys(environment)[0];
    expect(mistakes[0]?.remedy).toBe(`Set ${readName} to ${mistakes[0]?.expected}.`);
  });

  test('is reported together with all the others', () => {
    const mistakes = mistakesOf({
      BASEOS_CLOUDLY_URL: 'cloudly.example',
      BASEOS_NODE_ID: 'a b',
      BASEOS_HEARTBEAT_INTERVAL_MS: 'abc',
      BASEOS_JOIN_TOKEN: 'two words',
    });
    expect(mistakes.map(({ variable }) => variable).toSorted()).toEqual([
      'BASEOS_CLOUDLY_URL',
      'BASEOS_HEARTBEAT_INTERVAL_MS',
      'BASEOS_JOIN_TOKEN',
      'BASEOS_NODE_ID',
    ]);
  });

  test('in a URL with a password does not show the URL', () => {
    const [mistake] = mistakesOf({ BASEOS_CLOUDLY_URL: 'https://user:hunter2@cloudly.example' });
    expect(mistake?.message).toMatch(/user name or password/);
    expect(mistake?.message).not.toContain('hunter2');
  });

  const misplaced = `bjt_${'Ab3-_9'.repeat(9)}`;
  const visible = variables.filter((variable) => !('secret' in variable)).map(({ name }) => name);
  // Any path is a path, and any word may be a host.
  const judged = visible.filter((name) => !name.endsWith('_PATH') && name !== 'NO_PROXY');

  test.each(judged)('about a token in %s does not show the token', (variable) => {
    for (const value of [misplaced, misplaced.slice(4), `${misplaced} `, `https://cloudly.example/${misplaced}`]) {
      // Such an ID is possible.
      if (variable === 'BASEOS_NODE_ID' && value === misplaced.slice(4)) continue;
      const mistakes = mistakesOf({ [variable]: value });
      expect(mistakes).toMatchObject([{ variable }]);
      expect(mistakes[0]?.message).not.toContain('Ab3');
    }
  });

  test('about a secret that its own variable also holds does not show it, however short', () => {
    const [mistake] = mistakesOf({ BASEOS_LOG_LEVEL: 'my-canary', RESIN_SUPERVISOR_API_KEY: 'canary' });
    expect(mistake?.variable).toBe('BASEOS_LOG_LEVEL');
    expect(mistake?.message).not.toContain('canary');
  });

  test('about a token in place of a file path does not show the token', () => {
    const [mistake] = mistakesOf({ BASEOS_JOIN_TOKEN_FILE: `/${misplaced}` });
    expect(mistake?.message).toContain('contains a token');
    expect(mistake?.message).not.toContain('Ab3');
  });

  test('about a long value shows its beginning on one line', () => {
    const [mistake] = mistakesOf({ BASEOS_LOG_LEVEL: `first\nsecond${'x'.repeat(5000)}` });
    expect(mistake?.message.length).toBeLessThan(300);
    expect(mistake?.message).not.toContain('\n');
  });
});

describe('plain http to Cloudly', () => {
  test.each(['http://localhost:8080', 'http://127.0.0.1', 'http://127.9.8.7:1', 'http://[::1]:8080'])(
    'is allowed to this machine: %s',
    (url) => {
      expect(accepted({ BASEOS_CLOUDLY_URL: url }).warnings).toEqual([]);
    },
  );

  test.each([
    'http://cloudly.example',
    'HTTP://CLOUDLY.EXAMPLE',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'http://[::ffff:127.0.0.1]',
    'http://[::]',
    'http://xn--lcalhost-n4a',
  ])('is rejected to other machines, with advice: %s', (url) => {
    const [mistake] = mistakesOf({ BASEOS_CLOUDLY_URL: url });
    expect(mistake?.variable).toBe('BASEOS_CLOUDLY_URL');
    expect(mistake).toMatchObject({
      code: 'insecure-http',
      message: expect.stringContaining('tokens'),
      remedy: expect.stringContaining('BASEOS_ALLOW_INSECURE_HTTP=1'),
    });
  });

  test.each(['1', 'true'])('is allowed with a warning by BASEOS_ALLOW_INSECURE_HTTP=%s', (value) => {
    const config = accepted({ BASEOS_CLOUDLY_URL: 'http://cloudly.example', BASEOS_ALLOW_INSECURE_HTTP: value });
    expect(config.allowInsecureHttp).toBe(true);
    expect(config.warnings).toMatchObject([
      { code: 'insecure-http-allowed', message: expect.stringContaining('cloudly.example') },
    ]);
  });
});

describe('a secret', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'baseos-config-'));
    chmodSync(directory, 0o700);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const fileWith = (content: string): string => {
    const path = join(directory, `${content.length}.secret`);
    writeFileSync(path, content);
    return path;
  };

  test.each(['BASEOS_JOIN_TOKEN', 'BASEOS_NODE_TOKEN', 'BALENA_SUPERVISOR_API_KEY'])(
    'may come from a file, without the line break at its end: %s',
    (name) => {
      const config = accepted({
        BASEOS_CLOUDLY_URL: 'https://c.example',
        [`${name}_FILE`]: fileWith('from-a-file\r\n'),
      });
      const secrets = [config.joinToken, config.nodeToken, config.supervisorApiKey];
      expect(secrets.map((secret) => secret?.reveal()).filter(Boolean)).toEqual(['from-a-file']);
      expect(config.sources[name]).toBe('file');
    },
  );

  test('given both as a value and as a file is an error', () => {
    const [mistake] = mistakesOf({ BASEOS_JOIN_TOKEN: 'canary', BASEOS_JOIN_TOKEN_FILE: '/run/secrets/join' });
    expect(mistake).toMatchObject({
      code: 'settings-exclusive',
      message: 'BASEOS_JOIN_TOKEN and BASEOS_JOIN_TOKEN_FILE are both set.',
      remedy: 'Remove BASEOS_JOIN_TOKEN or BASEOS_JOIN_TOKEN_FILE.',
    });
  });

  test('in a missing or empty file is an error that names the file', () => {
    const missing = join(directory, 'missing');
    const [unreadable] = mistakesOf({ BASEOS_JOIN_TOKEN_FILE: missing });
    expect(unreadable).toMatchObject({ variable: 'BASEOS_JOIN_TOKEN_FILE' });
    expect(unreadable?.message).toContain(`"${missing}"`);
    expect(unreadable?.message).toContain('ENOENT');
    const [empty] = mistakesOf({ BASEOS_JOIN_TOKEN_FILE: fileWith('\n\n\n') });
    expect(empty?.message).toMatch(/is empty/);
    const [isDirectory] = mistakesOf({ BASEOS_JOIN_TOKEN_FILE: directory });
    expect(isDirectory?.message).toContain('EISDIR');
  });

  test('given in place of its file path is not shown', () => {
    const [mistake] = mistakesOf({ BASEOS_JOIN_TOKEN_FILE: 'bjt_canary' });
    expect(mistake?.remedy).toMatch(/absolute path/);
    expect(JSON.stringify(mistake)).not.toContain('canary');
  });

  test.each([
    ['a space', 'can ary'],
    ['a line break', 'canary\n'],
    ['another character', 'canäry'],
    ['too many characters', 'canary'.repeat(1000)],
  ])('with %s is an error that does not show it', (_name, value) => {
    for (const environment of [{ BASEOS_NODE_TOKEN: value }, { BASEOS_NODE_TOKEN_FILE: fileWith(`x ${value}`) }]) {
      const mistakes = mistakesOf(environment);
      expect(mistakes).toHaveLength(1);
      expect(mistakes[0]?.message).not.toMatch(/can ?.ry/);
    }
  });

  test('is read up to 64 KiB, so that an endless file does not hang the agent', () => {
    expect(mistakesOf({ BASEOS_JOIN_TOKEN_FILE: '/dev/zero' })).toHaveLength(1);
  });
});

describe('a warning', () => {
  test.each([
    ['BASEOS_JOINTOKEN', 'BASEOS_JOIN_TOKEN'],
    ['BASEOS_HEARTBEAT_INTERVAL', 'BASEOS_HEARTBEAT_INTERVAL_MS'],
    ['BASEOS_SUPERVISOR_ADDRESS', 'BALENA_SUPERVISOR_ADDRESS'],
    ['BASEOS_LOG_LEVEL_FILE', 'BASEOS_LOG_LEVEL'],
  ])('says that %s is unknown and suggests %s', (name, nearest) => {
    expect(accepted({ [name]: 'x' }).warnings).toEqual([
      {
        code: 'variable-unknown',
        message: `"${name}" is not a variable of BaseRunner and has no effect. Did you mean ${nearest}?`,
        remedy: `Correct or remove "${name}".`,
      },
    ]);
  });

  test('suggests nothing if no name is similar', () => {
    expect(accepted({ BASEOS_FAVOURITE_COLOUR_OF_THE_DAY: 'x' }).warnings[0]?.message).toMatch(/has no effect\.$/);
  });

  test('is not given for variables that the caller reads itself', () => {
    expect(accepted({ BASEOS_OTHER: 'x' }, { otherVariables: ['BASEOS_OTHER'] }).warnings).toEqual([]);
  });

  test('accompanies errors too, because a misspelt variable may be their cause', () => {
    const parsed = parseConfig({ BASEOS_NODE_ID: 'a b', BASEOS_NODEID: 'ab' });
    expect(parsed).toMatchObject({ ok: false, warnings: [{ message: expect.stringContaining('BASEOS_NODEID') }] });
  });

  test('covers tokens that are unused without Cloudly, and a key without a Supervisor', () => {
    const { warnings } = accepted({ BASEOS_JOIN_TOKEN: 'join', BALENA_SUPERVISOR_API_KEY: 'key' });
    expect(warnings.map(({ message }) => message)).toEqual([
      'BASEOS_JOIN_TOKEN has no effect without BASEOS_CLOUDLY_URL.',
      'BALENA_SUPERVISOR_API_KEY has no effect without BALENA_SUPERVISOR_ADDRESS.',
    ]);
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['setting-without-effect']));
  });
});

describe('any environment', () => {
  const names = fc.oneof(
    fc.constantFrom(...variables.map(({ name }) => name)),
    fc.constantFrom(...variables.map(({ name }) => `${name}_FILE`)),
    fc.constantFrom('BALENA_DEVICE_UUID', 'BALENA_APP_ID', 'BALENA_APP_NAME', '__proto__', 'constructor'),
    fc.string({ unit: 'binary' }).map((name) => `BASEOS_${name}`),
  );
  const values = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constant('http://[::1'), fc.constant('1000'));

  test('gives a configuration or errors, and never throws', () => {
    fc.assert(
      fc.property(fc.dictionary(names, values), (environment) => {
        const parsed = parseConfig(environment, { readFile: (path) => path.slice(1) });
        const sound = parsed.ok
          ? parsed.config.heartbeatIntervalMs >= 1000
          : parsed.mistakes.length > 0 && parsed.mistakes.every((mistake) => !inSentences(mistake).includes('\n'));
        expect(sound).toBe(true);
      }),
    );
  });

  test('never shows its secrets', () => {
    const secretNames = variables.filter((variable) => 'secret' in variable).map(({ name }) => name);
    const noise = fc.string({ unit: 'binary', maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...secretNames), noise, noise, fc.boolean(), (name, before, after, fromFile) => {
        const value = `${before}CANARY${after}`;
        const environment = fromFile ? { [`${name}_FILE`]: '/run/secrets/one' } : { [name]: value };
        const parsed = parseConfig(environment, { readFile: () => value });
        expect(JSON.stringify(parsed)).not.toContain('CANARY');
        expect(inspect(parsed, { depth: 9, showHidden: true })).not.toContain('CANARY');
      }),
    );
  });
});
