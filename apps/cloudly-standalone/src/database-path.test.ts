import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databasePath } from './database-path.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'database-path-'));
  mkdirSync(join(folder, 'folder.sqlite'));
  writeFileSync(join(folder, 'fleet'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('a name without a known ending means a folder', () => {
  expect(databasePath(join(folder, 'new'))).toBe(join(folder, 'new', 'cloudly.sqlite'));
});

it.each(['fleet.sqlite', 'fleet.sqlite3', 'fleet.db'])('%s means the file', (name) => {
  expect(databasePath(join(folder, name))).toBe(join(folder, name));
});

it('a file that is there is meant, whatever its name', () => {
  expect(databasePath(join(folder, 'fleet'))).toBe(join(folder, 'fleet'));
});

it('a folder that is there is meant, whatever its name', () => {
  expect(databasePath(join(folder, 'folder.sqlite'))).toBe(join(folder, 'folder.sqlite', 'cloudly.sqlite'));
});

it('is absolute, so that it can be used from elsewhere', () => {
  expect(databasePath('data')).toBe(resolve('data', 'cloudly.sqlite'));
});
