import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databaseLocation, describeLocation } from './database-location.js';

const url = 'postgres://cloudly@db.example/fleet';

describe('the fleet is', () => {
  test('in ./cloudly-data by default', () => {
    expect(databaseLocation({}, {})).toEqual({ kind: 'sqlite', path: resolve('cloudly-data/cloudly.sqlite') });
  });

  test('where --data says', () => {
    expect(databaseLocation({ data: '/srv/fleet.db' }, {})).toEqual({ kind: 'sqlite', path: '/srv/fleet.db' });
  });

  test('where --database says', () => {
    expect(databaseLocation({ database: url }, {})).toEqual({ kind: 'postgres', url });
  });

  test('where the environment says, even with a password', () => {
    const secret = 'postgres://cloudly:s3cret@db.example/fleet';
    expect(databaseLocation({}, { CLOUDLY_DATABASE_URL: secret })).toEqual({ kind: 'postgres', url: secret });
    expect(databaseLocation({}, { CLOUDLY_DATABASE_URL: '' })).toMatchObject({ kind: 'sqlite' });
  });

  test('where a flag says rather than where the environment says', () => {
    const env = { CLOUDLY_DATABASE_URL: 'postgres://other.example/fleet' };
    expect(databaseLocation({ database: url }, env)).toEqual({ kind: 'postgres', url });
    expect(databaseLocation({ data: '/srv/fleet.db' }, env)).toMatchObject({ kind: 'sqlite' });
  });
});

test('reached with a password from a file, as orchestrators provide it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'database-location-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  writeFileSync(file, 'p/4#&ss word\n');
  const env = { CLOUDLY_DATABASE_PASSWORD_FILE: file };
  const password = 'password=p%2F4%23%26ss%20word';
  expect(databaseLocation({ database: url }, env)).toEqual({ kind: 'postgres', url: `${url}?${password}` });
  const withMore = { ...env, CLOUDLY_DATABASE_URL: `${url}?sslmode=verify-full` };
  expect(databaseLocation({}, withMore)).toEqual({ kind: 'postgres', url: `${url}?sslmode=verify-full&${password}` });
  expect(databaseLocation({ data: '/srv/fleet.db' }, withMore)).toMatchObject({ kind: 'sqlite' });
});

describe('is rejected, with what to do:', () => {
  test('two places at once', () => {
    expect(() => databaseLocation({ data: './data', database: url }, {})).toThrow('Give one of them');
  });

  test.each([
    'postgres://cloudly:s3cret@db.example/fleet',
    'postgres://cloudly@db.example/fleet?password=s3cret',
    'postgres://:s3cret@db.example/fleet',
  ])('a password that all processes could read: %s', (database) => {
    const refused = expect.objectContaining({
      message: expect.stringMatching(/process list\. Put .* CLOUDLY_DATABASE_URL (?!.*s3cret)/),
    });
    expect(() => databaseLocation({ database }, {})).toThrow(refused);
  });

  test.each([
    ['mysql://db.example/fleet', '--database must look like postgres://user:password@host:5432/database.'],
    ['./cloudly-data', '--database must look like postgres://'],
  ])('a URL that is not for PostgreSQL: %s', (database, message) => {
    expect(() => databaseLocation({ database }, {})).toThrow(message);
  });

  test('a password whose file cannot be read', () => {
    const env = { CLOUDLY_DATABASE_PASSWORD_FILE: '/missing/password' };
    expect(() => databaseLocation({ database: url }, env)).toThrow(/PASSWORD_FILE cannot be read: ENOENT/);
  });

  test('a password whose file is empty', () => {
    const folder = mkdtempSync(join(tmpdir(), 'database-location-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'password'), '\n');
    const env = { CLOUDLY_DATABASE_PASSWORD_FILE: join(folder, 'password') };
    expect(() => databaseLocation({ database: url }, env)).toThrow(/PASSWORD_FILE names an empty file/);
  });

  test('a password that would be parsed as part of the address, without showing it', () => {
    const env = { CLOUDLY_DATABASE_URL: 'postgres://cloudly:12/s3cret@db.example/fleet' };
    const refused = expect.objectContaining({
      message: expect.stringMatching(/^CLOUDLY_DATABASE_URL contains an @ (?!.*s3cret)/),
    });
    expect(() => databaseLocation({}, env)).toThrow(refused);
  });
});

test('is shown without user and password', () => {
  const secret = 'postgres://cloudly:s3cret@db.example:6543/fleet?password=s3cret';
  expect(describeLocation({ kind: 'postgres', url: secret })).toBe('PostgreSQL at db.example:6543, database fleet');
  expect(describeLocation({ kind: 'sqlite', path: '/srv/fleet.db' })).toBe('/srv/fleet.db');
});
