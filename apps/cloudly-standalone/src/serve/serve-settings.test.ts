import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@serve.zone/baseos-command-line';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.js';
import { databaseSettings } from '../database/database-settings.js';
import { serverSettings } from '../remote/server-settings.js';
import { readSetting } from '../settings/read-settings.js';
import type { Setting } from '../settings/setting.js';
import { serveSettings } from './serve-settings.js';

const ofServe: readonly Setting[] = Object.values({ ...serveSettings, ...databaseSettings });
const rows: readonly Setting[] = [...ofServe, ...Object.values(serverSettings)];
const names = rows.map(({ name }) => name);
const withDefault = rows.flatMap((row) =>
  row.default && 'text' in row.default ? [{ row, name: row.name, text: row.default.text }] : [],
);

/** As the command line, or else the environment, gives a value. */
function given(name: string, text: string): Parameters<typeof readSetting>[1] {
  return name.startsWith('--') ? { args: { [name.slice(2)]: text }, env: {} } : { args: {}, env: { [name]: text } };
}

function refusalOf(row: Setting, text: string): string | undefined {
  try {
    readSetting(row, given(row.name, text));
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

describe('the tables of settings', () => {
  test('name each setting once', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  test('give the help of serve its flags, with what each is for', async () => {
    const { stdout } = await runCommand('serve', '--help');
    const help = stdout.replaceAll(/ *\n {3,}(?!-)/g, ' ');
    const flags = ofServe.filter(({ name }) => name.startsWith('--'));
    expect(flags.filter(({ name, description }) => !help.includes(name) || !help.includes(description))).toEqual([]);
    const shown = [...help.matchAll(/^\s+(?:-h, )?(--[\w-]+)/gm)].map(([, name = '']) => name);
    expect(shown.toSorted()).toEqual([...flags.map(({ name }) => name), '--help'].toSorted());
  });

  test('have the only variables of its own that the program reads', () => {
    const source = join(import.meta.dirname, '..');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    const read = files.flatMap((file) => readFileSync(join(source, file), 'utf8').match(/\bCLOUDLY_[A-Z_]+\b/g) ?? []);
    expect([...new Set(read)].toSorted()).toEqual(names.filter((name) => name.startsWith('CLOUDLY_')).toSorted());
  });

  test.each(withDefault)('have a default of $name that can be given, too', ({ row, name, text }) => {
    expect(readSetting(row, given(name, text))).toEqual(readSetting(row, { args: {}, env: {} }));
  });

  test.each(rows.filter(({ secret }) => secret))('never repeat a secret in $name', (row) => {
    const texts = [
      'postgres://u:s3cret@h/d',
      'postgres://u:1/s3cret@h/d',
      's3cret',
      's3cret\n',
      'bjt_s3cret',
      'postgres://h:99999/?password=s3cret',
    ];
    const refusals = texts.flatMap((text) => refusalOf(row, text) ?? []);
    expect(refusals.length).toBeGreaterThan(1);
    expect(refusals.filter((message) => message.includes('s3cret') || !message.includes(row.name))).toEqual([]);
  });

  test.each(rows.filter(({ parse, secret }) => parse && !secret))('names $name in each mistake', (row) => {
    const texts = ['', ' ', 'no such value\r', '-1', '999999999999999'];
    const refusals = texts.flatMap((text) => refusalOf(row, text) ?? []);
    expect(refusals.filter((message) => !message.startsWith(row.name))).toEqual([]);
  });
});

test('an empty variable counts as unset', () => {
  expect(readSetting(databaseSettings.databaseUrl, given('CLOUDLY_DATABASE_URL', ''))).toBeUndefined();
});
