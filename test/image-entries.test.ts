import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { imageShell } from '@serve.zone/baseos-testing/processes/image-shell';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

const entries = [
  {
    image: 'baserunner',
    program: '/opt/baserunner/cli.js',
    shell: imageShell,
    adds: { MALLOC_ARENA_MAX: '1', NODE_COMPILE_CACHE: '/opt/baserunner/compiled' },
  },
  { image: 'cloudly-standalone', program: '/opt/cloudly/cloudly-standalone', shell: ['/bin/sh'], adds: {} },
] as const;

const folder = mkdtempSync(join(tmpdir(), 'image-entry-'));
const program = join(folder, 'program.cjs');
beforeAll(() => {
  symlinkSync(process.execPath, join(folder, 'node'));
  writeFileSync(program, 'console.log(JSON.stringify({ ...process.env, argv: process.argv.slice(2) }))');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scriptOf({ image }: (typeof entries)[number]): string {
  return readFileSync(join(root, 'apps', image, 'container', image), 'utf8');
}

describe.runIf(process.platform === 'linux').each(entries)("the entry point of $image's image", (entry) => {
  /** What a program finds in its environment that is started by the entry. */
  const start = (env: Record<string, string>): Record<string, unknown> => {
    const script = scriptOf(entry).replace(entry.program, program);
    const [shell, ...argv] = [...entry.shell, '-c', script, entry.image, 'serve', 'two words'];
    const output = execFileSync(shell, argv, { env: { PATH: folder, ...env }, encoding: 'utf8', stdio: 'pipe' });
    const { PWD: _PWD, OLDPWD: _OLDPWD, SHLVL: _SHLVL, ...found } = JSON.parse(output) as Record<string, unknown>;
    return found;
  };
  const untouched = { PATH: folder, ...entry.adds, argv: ['serve', 'two words'] };

  /** Of fleets, for their other programs. */
  const foreign: readonly (readonly [name: string, value: string])[] = [
    ['NODE_OPTIONS', '--require /missing/trace.js'],
    ['NODE_OPTIONS', '--no-such-flag'],
    ['NODE_OPTIONS', '--inspect=0.0.0.0:9229'],
    ['NODE_OPTIONS', '--tls-keylog=/tmp/keys'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
    ['NODE_DEBUG', 'net,http,tls'],
    ['NODE_DEBUG_NATIVE', '*'],
    ['NODE_V8_COVERAGE', '/tmp/coverage'],
    ['NODE_PATH', '/opt/other'],
    ['NODE_REPL_EXTERNAL_MODULE', '/missing.js'],
    ['NODE_REDIRECT_WARNINGS', '/tmp/warnings'],
    ['NODE_PENDING_DEPRECATION', '1'],
    ['NODE_COMPILE_CACHE', '/tmp/cache'],
    ['NODE_USE_ENV_PROXY', '1'],
    ['NODE_ICU_DATA', '/missing'],
    ['NODE_A_VARIABLE_OF_NEXT_YEAR', '1'],
    ['UV_THREADPOOL_SIZE', '1'],
    ['OPENSSL_CONF', '/missing/openssl.cnf'],
    ['OPENSSL_MODULES', '/missing'],
    ['LD_LIBRARY_PATH', '/missing'],
    ['SSLKEYLOGFILE', '/tmp/keys'],
  ];

  test('keeps settings of other programs from this one', () => {
    // The later of two values of a variable stands.
    for (const values of [foreign, foreign.toReversed()]) {
      expect(start(Object.fromEntries(values))).toEqual(untouched);
    }
  });

  test.each([
    { NODE_EXTRA_CA_CERTS: '/etc/ssl/fleet.pem' },
    { BASEOS_JOIN_TOKEN: "it's", BALENA_SUPERVISOR_API_KEY: 'a "key"', HTTPS_PROXY: 'http://a:b@proxy:1', TZ: 'UTC' },
    { BASEOS_CA_PEM: '-----BEGIN-----\nexport NODE_OPTIONS=x\nexport NODE_X y\nEND\n$(exit 9)`exit 9`\n-----END-----' },
    { EMPTY: '', SPACES: '  a  b ', BACKSLASH: String.raw`\n\\ ` },
  ])('passes %j on unchanged', (env) => {
    expect(start(env)).toEqual({ ...untouched, ...env });
  });

  test('starts the program whatever the values are', () => {
    const value = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'));
    const name = fc.constantFrom('BASEOS_X', 'NODE_OPTIONS', 'NODE_X', 'OTHER');
    fc.assert(
      fc.property(fc.dictionary(name, value), (env) => {
        const kept = Object.entries(env).filter(([key]) => !key.startsWith('NODE_'));
        expect(start({ ...env })).toEqual({ ...untouched, ...Object.fromEntries(kept) });
      }),
      { numRuns: howMany(10, 100) },
    );
  });
});

test('both entry points clear the same variables, and the agent itself reports authorities that are not a file', () => {
  const [one, other] = entries.map((entry) => {
    const loop = /^while IFS=.*?^END$/ms.exec(scriptOf(entry))?.[0] ?? '';
    return loop
      .replaceAll(/^ +\*\[!A-Za-z0-9_\]\*.*;;$/gm, '')
      .replaceAll(/^ +NODE_EXTRA_CA_CERTS\).*;;$/gm, '')
      .replaceAll(/\n+/g, '\n');
  });
  expect(one).toContain('NODE_* | UV_*');
  expect(one).toBe(other);
});
