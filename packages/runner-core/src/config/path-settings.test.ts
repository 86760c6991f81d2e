import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Environment, parseConfig } from './parse-config.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baseos-paths-'));
  writeFileSync(join(folder, 'token'), 'token');
  writeFileSync(join(folder, 'my ca (1), old.pem'), rootCertificates[0] ?? '');
});
afterAll(() => rmSync(folder, { recursive: true }));

function parse(environment: Environment) {
  return parseConfig({
    BASEOS_CLOUDLY_URL: 'https://cloudly.example',
    BALENA_SUPERVISOR_ADDRESS: 'http://127.0.0.1:48484',
    ...environment,
  });
}

/** Every variable with a path, and the prefix before the path. */
const pathVariables: [name: string, before: string][] = [
  ['BASEOS_STATE_PATH', ''],
  ['BASEOS_RUN_PATH', ''],
  ['BASEOS_CA_FILE', ''],
  ['BASEOS_JOIN_TOKEN_FILE', ''],
  ['BASEOS_NODE_TOKEN_FILE', ''],
  ['BALENA_SUPERVISOR_API_KEY_FILE', ''],
  ['BASEOS_METRICS_LISTEN', 'unix:'],
];

const slips: [what: string, path: string, named: RegExp][] = [
  ['a carriage return', '/data/baseos/file\r', /carriage return/],
  ['a line break', '/data/baseos/file\n', /line break/],
  ['a Windows line break', '/data/baseos/file\r\n', /carriage return/],
  ['a space at its end', '/data/baseos/file ', /ends with a space/],
  ['a space before it', ' /data/baseos/file', /begins with a space/],
  ['a tab', '/data/baseos/file\t', /tab/],
  ['double quotes', '"/data/baseos/file"', /in quotation marks/],
  ['single quotes', "'/data/baseos/file'", /in quotation marks/],
  ['one quote', '/data/baseos/file"', /ends with a quotation mark/],
  ['quotes and a carriage return', '"/data/baseos/file"\r', /carriage return.*quotation marks/],
  ['typographic quotes', '“/data/baseos/file”', /in quotation marks/],
  ['a line break within', '/data/base\nos/file', /line break or another control/],
  ['a NUL', '/data/base\0os/file', /control character/],
  ['an escape', '/data/base\u001b[0mos/file', /control character/],
  ['a zero-width space', '/data/base\u200Bos/file', /control character/],
  ['a byte order mark', '\uFEFF/data/baseos/file', /invisible character/],
  ['bytes that are not UTF-8', '/data/base\uFFFDos/file', /not UTF-8/],
  ['the home of a shell', '~/baseos/file', /only a shell/],
  ['the home of a user', '~root/baseos/file', /only a shell/],
  ['a variable', '$HOME/baseos/file', /variable/],
  ['a variable in braces', '/data/${SERVICE}/file', /variable/],
  ['a command', '/data/$(hostname)/file', /variable/],
  ['a placeholder', '/data/{{ service }}/file', /variable/],
  ['a variable of Windows', '%APPDATA%/baseos/file', /variable/],
  ['a file URL', 'file:///data/baseos/file', /URL/],
  ['an encoded path', '/data%2Fbaseos/file', /encoded/],
  ['an encoded space', '/data/base%20os/file', /encoded/],
  ['a relative path', 'data/baseos/file', /absolute path/],
  ['a path relative to the working directory', './file', /absolute path/],
  ['a comment', '/data/baseos/file # the state', /comment/],
  ['a semicolon', '/data/baseos/file;', /separator/],
  ['a comma', '/data/baseos/file,', /separator/],
  ['its own name', 'BASEOS_STATE_PATH=/data/baseos/file', /repeats the name/],
  ...(process.platform === 'win32'
    ? []
    : ([
        ['backslashes', '\\data\\baseos\\file', /backslash/],
        ['a literal \\r', '/data/baseos/file\\r', /backslash/],
      ] satisfies typeof slips)),
];

describe.each(pathVariables)('the path in %s', (name, before) => {
  test.each(slips)('with %s is an error that says so', (_what, path, named) => {
    const value = before === '' ? path : path.replace(/^(["'“]?)/, `$1${before}`);
    const parsed = parse({ [name]: value });
    expect(parsed).toMatchObject({ ok: false, mistakes: [{ variable: name }] });
    const [mistake] = parsed.ok ? [] : parsed.mistakes;
    expect(mistake?.message).toMatch(before === '' ? named : /(which|whose) .*\./);
    expect(mistake?.message).toMatch(new RegExp(`^${name} `));
    expect(mistake?.remedy).toBe(`Set ${name} to ${mistake?.expected}.`);
    // A secret's file may be the secret itself.
    expect(name.endsWith('_FILE') && name !== 'BASEOS_CA_FILE' && mistake?.message.includes('baseos')).toBe(false);
  });
});

test('may contain spaces, brackets, dots, commas and letters of any language', () => {
  const path = '/srv/Ünïcode 端末/a.b, (1) [x] @home=1/-state+.json';
  expect(parse({ BASEOS_STATE_PATH: path, BASEOS_RUN_PATH: '/run/base os/' })).toMatchObject({
    config: { statePath: path, runPath: '/run/base os' },
  });
  const caFile = join(folder, 'my ca (1), old.pem');
  expect(parse({ BASEOS_CA_FILE: caFile, BASEOS_JOIN_TOKEN_FILE: join(folder, 'token') })).toMatchObject({ ok: true });
});

/** Whatever else is set to one value. */
const otherSettings: [name: string, value: string][] = [
  ['BASEOS_CLOUDLY_URL', 'https://cloudly.example'],
  ['BASEOS_NODE_ID', 'shop-3'],
  ['BASEOS_HEARTBEAT_INTERVAL_MS', '60000'],
  ['BASEOS_START_SPREAD_MS', '0'],
  ['BASEOS_CLOUDLY_MOVED_FROM', 'https://old.example'],
  ['HTTPS_PROXY', 'http://proxy.example:3128'],
  ['BASEOS_METRICS_LISTEN', '127.0.0.1:9464'],
  ['BASEOS_LOG_LEVEL', 'debug'],
  ['BASEOS_LOG_FORMAT', 'json'],
  ['BALENA_SUPERVISOR_ADDRESS', 'http://127.0.0.1:48484'],
  ['BALENA_SUPERVISOR_API_KEY', 'key'],
  ['BASEOS_JOIN_TOKEN', 'token'],
  ['BASEOS_NODE_TOKEN', 'token'],
];

describe.each(otherSettings)('the value of %s', (name, value) => {
  test.each([
    ['a carriage return', `${value}\r`, /ends with a carriage return/],
    ['double quotes', `"${value}"`, /is in quotation marks, which are not part of it/],
    ['single quotes', `'${value}'`, /is in quotation marks, which are not part of it/],
    ['a space at its end', `${value} `, /ends with a space/],
    ['a tab before it', `\t${value}`, /begins with a tab/],
    ['its own name', `${name}=${value}`, /repeats the name/],
  ])('with %s is an error that names the typo', (_what, given, slip) => {
    expect(parse({ [name]: value })).toMatchObject({ ok: true });
    expect(parse({ [name]: given })).toMatchObject({
      ok: false,
      mistakes: [{ variable: name, message: expect.stringMatching(slip) }],
    });
  });
});
