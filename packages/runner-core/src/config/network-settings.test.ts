import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeConfiguration } from '../status/describe-configuration.js';
import { type Environment, parseConfig } from './parse-config.js';
import { inSentences } from '../values/problem.js';

const cloudly = { BASEOS_CLOUDLY_URL: 'https://cloudly.example' };

function accepted(environment: Environment) {
  const parsed = parseConfig({ ...cloudly, ...environment });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join('\n'));
  return parsed.config;
}

function mistakeIn(environment: Environment): string {
  const parsed = parseConfig({ ...cloudly, ...environment });
  if (parsed.ok) throw new Error('It was accepted.');
  expect(parsed.mistakes).toHaveLength(1);
  return parsed.mistakes.map(inSentences).join();
}

describe('the proxy to Cloudly', () => {
  test.each<[string, Environment, string | undefined]>([
    ['is taken from HTTPS_PROXY', { HTTPS_PROXY: 'http://proxy.example:3128' }, 'http://proxy.example:3128'],
    ['may be set in lower case', { https_proxy: 'http://proxy.example:3128' }, 'http://proxy.example:3128'],
    [
      'is the lower-case one if both are set',
      { https_proxy: 'http://lower.example', HTTPS_PROXY: 'http://upper.example' },
      'http://lower.example',
    ],
    ['needs no scheme', { HTTPS_PROXY: 'proxy.example:3128' }, 'http://proxy.example:3128'],
    ['may speak TLS', { HTTPS_PROXY: 'https://proxy.example/' }, 'https://proxy.example'],
    ['is not taken from HTTP_PROXY', { HTTP_PROXY: 'http://proxy.example' }, undefined],
    ['is not used for addresses in NO_PROXY', { HTTPS_PROXY: 'http://proxy.example', NO_PROXY: '.example' }, undefined],
    ['is not used for addresses in no_proxy', { HTTPS_PROXY: 'http://proxy.example', no_proxy: '*' }, undefined],
    [
      'is taken from HTTP_PROXY for plain http',
      {
        BASEOS_CLOUDLY_URL: 'http://cloudly.example',
        BASEOS_ALLOW_INSECURE_HTTP: '1',
        HTTP_PROXY: 'http://proxy.example',
      },
      'http://proxy.example',
    ],
    [
      'is not used for this machine, where plain http is allowed because nothing is in between',
      { BASEOS_CLOUDLY_URL: 'http://localhost:8080', HTTP_PROXY: 'http://proxy.example' },
      undefined,
    ],
  ])('%s', (_what, environment, address) => {
    expect(accepted(environment).cloudlyProxy?.address).toBe(address);
  });

  test('keeps its user name and password in a secret and shows only its address', () => {
    const config = accepted({ HTTPS_PROXY: 'http://device:canary@proxy.example:3128', NO_PROXY: 'other.example' });
    expect(config.cloudlyProxy?.url.reveal()).toBe('http://device:canary@proxy.example:3128/');
    const shown = describeConfiguration(config, {});
    expect(shown).toMatchObject({
      HTTPS_PROXY: { value: 'http://proxy.example:3128', source: 'environment' },
      HTTP_PROXY: { value: undefined, source: 'unset' },
      NO_PROXY: { value: 'other.example', source: 'environment' },
    });
    expect(inspect([config, shown], { depth: 9, showHidden: true }) + JSON.stringify(config)).not.toContain('canary');
  });

  test.each([
    'https://cloudly.example',
    'http://cloudly.example/',
    'cloudly.example/',
    'a;cloudly.example',
    'a|b',
    'a,"b",c',
  ])('causes a warning for a NO_PROXY entry that covers nothing: %s', (entry) => {
    const { warnings } = accepted({ HTTPS_PROXY: 'http://proxy.example', NO_PROXY: `10.0.0.0/8,${entry}` });
    expect(warnings.map(inSentences)).toEqual([
      expect.stringMatching(/^NO_PROXY has an entry that matches nothing.*http:\/\/proxy/),
    ]);
    expect(accepted({ HTTP_PROXY: 'http://proxy.example', NO_PROXY: entry }).warnings).toEqual([]);
  });

  test.each(['.other.example, 10.0.0.0/8', 'fd00::/8,[::1]:80', '*.other.example:443 a_b,localhost'])(
    'causes no warning if NO_PROXY has names, addresses and ranges: %s',
    (noProxy) => {
      expect(accepted({ HTTPS_PROXY: 'http://proxy.example', NO_PROXY: noProxy }).warnings).toEqual([]);
    },
  );

  test('appears in the status as unused if it is bypassed', () => {
    const config = accepted({ HTTPS_PROXY: 'http://proxy.example', NO_PROXY: '*', HTTP_PROXY: 'http://proxy.example' });
    expect(describeConfiguration(config, {})).toMatchObject({
      HTTPS_PROXY: { value: 'not used for Cloudly' },
      HTTP_PROXY: { value: 'not used for Cloudly' },
    });
  });

  test.each([
    ['another kind of proxy', 'socks5://user:canary@proxy.example:1080', /not an http or https proxy/],
    ['a path', 'http://user:canary@proxy.example/path', /more than a host and a port/],
    ['a query', 'http://user:canary@proxy.example?', /more than a host and a port/],
    ['a stray %', 'http://user:canary%zz@proxy.example', /%25/],
    ['a space', 'http://user:can ary@proxy.example', /space/],
    ['no host', 'http://user:canary@', /no host/],
  ])('with %s is an error that does not show it', (_what, value, message) => {
    const plain = { BASEOS_CLOUDLY_URL: 'http://cloudly.example', BASEOS_ALLOW_INSECURE_HTTP: '1' };
    for (const [name, besides] of [
      ['HTTPS_PROXY', {}],
      ['HTTP_PROXY', plain],
      ['https_proxy', {}],
    ] as const) {
      const mistake = mistakeIn({ ...besides, [name]: value });
      expect(mistake).toMatch(message);
      expect(mistake).toMatch(new RegExp(`^${name} .* Set ${name} to http://host:port`));
      expect(mistake).not.toMatch(/can ?ary/);
    }
  });
});

describe('certificate authorities', () => {
  const [first = '', second = ''] = rootCertificates;
  const bundle = `# Our root\n${first}\n# And the next\n${second}\n`;
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'baseos-authorities-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const fileWith = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };

  const normal = (pem: string): string => pem.replaceAll(/\s/g, '');

  test.each<[string, (text: string) => string]>([
    ['as it is', (text) => text],
    ['with \\n for line breaks', (text) => text.replaceAll('\n', '\\n')],
    ['with \\r\\n for line breaks', (text) => text.replaceAll('\n', '\\r\\n')],
    ['with spaces for line breaks', (text) => text.replaceAll('\n', ' ')],
    ['with Windows line breaks', (text) => text.replaceAll('\n', '\r\n')],
  ])('are read from a value %s', (_what, change) => {
    const { certificateAuthorities } = accepted({ BASEOS_CA_PEM: change(bundle) });
    expect(certificateAuthorities?.map(normal)).toEqual([first, second].map(normal));
    expect(certificateAuthorities?.[0]).toMatch(
      /^-----BEGIN CERTIFICATE-----\n(.{1,64}\n)+-----END CERTIFICATE-----\n$/,
    );
  });

  test('are read from a file, even a large one', () => {
    const path = fileWith('bundle.pem', rootCertificates.join('\n'));
    const config = accepted({ BASEOS_CA_FILE: path });
    expect(config.certificateAuthorities).toHaveLength(rootCertificates.length);
    expect(describeConfiguration(config, {})).toMatchObject({
      BASEOS_CA_FILE: { value: `${rootCertificates.length} certificates`, source: 'environment' },
      BASEOS_CA_PEM: { value: undefined, source: 'unset' },
    });
  });

  test('from both a value and a file are an error', () => {
    expect(mistakeIn({ BASEOS_CA_PEM: first, BASEOS_CA_FILE: fileWith('one.pem', first) })).toBe(
      'BASEOS_CA_FILE and BASEOS_CA_PEM are both set. Remove BASEOS_CA_FILE or BASEOS_CA_PEM.',
    );
  });

  const privateKey = '-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n';

  test.each([
    ['nothing', ' \n', /which is empty/],
    ['no PEM', 'canary', /no certificate in PEM/],
    ['DER', '\u0030\u0082canary', /no certificate in PEM/],
    ['half a certificate', first.slice(0, 300), /certificate 1 has no end/],
    ['a truncated second one', `${first}\n${second.slice(0, 300)}`, /certificate 2 has no end/],
    [
      'text that is not a certificate',
      first.replace(/\n[^-]{20}/, `\n${'A'.repeat(20)}`),
      /certificate 1 of 1 cannot be read/,
    ],
    ['a private key beside it', `${first}\n${privateKey}`, /private key/],
  ])('with %s in them are an error', (what, content, message) => {
    expect(mistakeIn({ BASEOS_CA_FILE: fileWith(`${what}.pem`, content) })).toMatch(message);
    const mistake = mistakeIn({ BASEOS_CA_PEM: content });
    expect(mistake).toMatch(message);
    expect(mistake).not.toContain('Y2FuYXJ5');
  });

  test('from an unreadable file name the file', () => {
    const missing = join(directory, 'missing.pem');
    expect(mistakeIn({ BASEOS_CA_FILE: missing })).toBe(
      `BASEOS_CA_FILE names the file "${missing}", which cannot be read (ENOENT). Set BASEOS_CA_FILE to the absolute path of a file with certificates in PEM, at most 1 MiB.`,
    );
    expect(mistakeIn({ BASEOS_CA_FILE: directory })).toContain('EISDIR');
    expect(mistakeIn({ BASEOS_CA_FILE: 'ca.pem' })).toContain('not an absolute path');
    expect(mistakeIn({ BASEOS_CA_FILE: '/dev/zero' })).toContain('it is a device and not a file');
  });

  test('have no effect without Cloudly, and a warning says so', () => {
    const parsed = parseConfig({ BASEOS_CA_PEM: first });
    expect(parsed.ok && parsed.config.warnings).toMatchObject([
      { message: 'BASEOS_CA_PEM has no effect without BASEOS_CLOUDLY_URL.' },
    ]);
  });
});
