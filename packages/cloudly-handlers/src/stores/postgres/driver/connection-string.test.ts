import fc from 'fast-check';
import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { describePostgresUrl, readConnectionString } from './connection-string.js';

afterEach(() => vi.unstubAllEnvs());

/** What the driver makes of it. */
function readByDriver(connectionString: string) {
  return new pg.Client({ ...readConnectionString(connectionString), ssl: false });
}

describe('a connection string', () => {
  test('passes the password to the driver as written, whatever else it contains', () => {
    const odd = fc.array(fc.constantFrom(' ', '%', '+', '#x', '%2F', 'a', 'ü', '&b=', '=', '"', '\\', '%zz', '%2'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), odd, (password, pieces) => {
        vi.stubEnv('PGPASSWORD', '');
        const options = `${pieces.join('')}x`;
        const asParameter = `postgres://u@h/d?options=${options}&password=${encodeURIComponent(password)}`;
        expect(readByDriver(asParameter).password).toBe(password);
        const inFront = `postgres://u:${encodeURIComponent(password)}@h/d?options=${options.replaceAll('&b=', '')}`;
        expect(readByDriver(inFront).password).toBe(password);
      }),
    );
  });

  test.each([
    ['a space', 'postgres://u:p%2Fw@h/my fleet', { database: 'my fleet', password: 'p/w' }],
    [
      'a space in a parameter',
      'postgres://u@h/d?options=-c geqo=off&password=p%2Fw',
      { password: 'p/w', database: 'd' },
    ],
    ['a percent sign', 'postgres://u:100%@h/d', { password: '100%' }],
    ['a plus sign, which is not a space to libpq', 'postgres://u@h/d?password=a+b', { password: 'a+b' }],
    ['a number sign', 'postgres://u@h/d?password=a#b', { password: 'a#b' }],
    [
      'TLS parameters among others',
      'postgres://u@h/d?sslmode=disable&port=6000&sslrootcert=/x',
      { port: 6000, host: 'h' },
    ],
  ])('with %s is interpreted as written', (_what, connectionString, expected) => {
    const { database, password, port, host } = readByDriver(connectionString);
    expect({ database, password, port, host }).toMatchObject(expected);
  });

  test.each([
    ['a line break', 'postgres://u:s3cret\n@h/d', /control character/],
    ['a tab', 'postgres://u:s3\tcret@h/d', /control character/],
    ['a space at its end', 'postgres://u:s3cret@h/d ', /begins or ends with a space/],
    ['several hosts', 'postgres://u:s3cret@a,b/d', /several hosts/],
    ['several hosts with ports', 'postgres://u:s3cret@a:1,b:2/d', /several hosts/],
    ['an address with a zone', 'postgres://u:s3cret@[fe80::1%eth0]/d', /cannot be read .*must look like postgres:/],
    ['an impossible port', 'postgres://u:s3cret@h:0/d', /port from 1 to 65535/],
    ['a word for a port', 'postgres://u:s3cret@h/d?port=s3cret', /port from 1 to 65535/],
    ['an unknown mode', 'postgres://u:s3cret@h/d?sslmode=s3cret', /^sslmode must be one of disable, require/],
    ['a certificate without its key', 'postgres://u:s3cret@h/d?sslcert=/x', /sslcert and sslkey .* belong together/],
  ])('with %s is rejected, without its password', (_what, connectionString, told) => {
    const read = () => describePostgresUrl(connectionString);
    expect(read).toThrow(TypeError);
    expect(read).toThrow(expect.objectContaining({ message: expect.stringMatching(told) }));
    expect(read).not.toThrow(/s3cret/);
  });

  test('is called by the name of its setting, if there is one', () => {
    const read = () => describePostgresUrl('mysql://u:s3cret@h/d', 'FLEET_URL');
    expect(read).toThrow(/^FLEET_URL must look like postgres:/);
    expect(() => describePostgresUrl('mysql://h/d')).toThrow(/^connectionString must look like/);
  });

  test.each([
    ['PGSSLMODE', 'always', /^PGSSLMODE must be one of/],
    ['PGPORT', 'http', /PGPORT\) must have a port/],
    ['PGSSLCERT', '/x', /PGSSLCERT and PGSSLKEY\) belong together/],
  ])('is completed by %s, whose errors are reported', (name, value, told) => {
    vi.stubEnv(name, value);
    expect(() => describePostgresUrl('postgres://u@h/d')).toThrow(told);
  });

  test.each([
    ['', {}, false],
    ['', { PGSSLMODE: 'require' }, 'authority-and-name'],
    ['', { PGSSLMODE: 'no-verify' }, 'nothing'],
    ['', { PGSSLROOTCERT: '/x' }, 'authority-and-name'],
    ['?sslmode=disable', { PGSSLROOTCERT: '/x', PGSSLMODE: 'verify-full' }, false],
    ['?sslmode=prefer', {}, 'authority-and-name'],
    ['?sslmode=allow', {}, 'authority-and-name'],
    ['?sslmode=require&uselibpqcompat=true', {}, 'authority-and-name'],
    ['?sslmode=verify-ca', {}, 'authority-and-name'],
    ['?sslmode=verify-ca', { PGSSLROOTCERT: 'system' }, 'authority-and-name'],
    ['?sslmode=verify-ca&sslrootcert=/x', {}, 'authority'],
    ['?ssl=true', {}, 'authority-and-name'],
    ['?ssl=0', { PGSSLMODE: 'require' }, false],
    ['?host=/run/postgresql&sslmode=require', {}, false],
  ])('%j with %j verifies %s', (query, env, verify) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(readConnectionString(`postgres://u@h/d${query}`).tls.verify).toBe(verify);
  });
});
