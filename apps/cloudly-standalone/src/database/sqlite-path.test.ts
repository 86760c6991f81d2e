import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlitePath } from './sqlite-path.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-path-'));
  mkdirSync(join(folder, 'folder.sqlite'));
  writeFileSync(join(folder, 'fleet'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a name without a known extension means a folder', () => {
  expect(sqlitePath(join(folder, 'new'))).toBe(join(folder, 'new', 'cloudly.sqlite'));
});

test.each(['fleet.sqlite', 'fleet.sqlite3', 'fleet.db'])('%s means the file', (name) => {
  expect(sqlitePath(join(folder, name))).toBe(join(folder, name));
});

test('an existing file is used as a file, whatever its name', () => {
  expect(sqlitePath(join(folder, 'fleet'))).toBe(join(folder, 'fleet'));
});

test('an existing folder is used as a folder, whatever its name', () => {
  expect(sqlitePath(join(folder, 'folder.sqlite'))).toBe(join(folder, 'folder.sqlite', 'cloudly.sqlite'));
});

test('the path is absolute, so that it can be used from elsewhere', () => {
  expect(sqlitePath('data')).toBe(resolve('data', 'cloudly.sqlite'));
});
