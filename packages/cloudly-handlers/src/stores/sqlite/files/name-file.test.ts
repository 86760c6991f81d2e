import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nameFile } from './name-file.js';

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'name-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [path, name] = [join(folder, 'partial'), join(folder, 'backup')];
  writeFileSync(path, 'whole');
  return { path, name };
}

function withoutLinks(): never {
  throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
}

describe.each([
  ['with hard links', undefined],
  ['without them', withoutLinks],
])('a complete file, on a file system %s', (_name, link) => {
  test('gets its name', () => {
    const { path, name } = newFolder();
    nameFile(path, name, link);
    expect(readFileSync(name, 'utf8')).toBe('whole');
  });

  test('does not overwrite another one', () => {
    const { path, name } = newFolder();
    writeFileSync(name, 'another');
    expect(() => nameFile(path, name, link)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(readFileSync(name, 'utf8')).toBe('another');
  });
});

test('reports any other failure', () => {
  const { path, name } = newFolder();
  expect(() => nameFile(path, join(name, 'in', 'no', 'folder'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect(existsSync(name)).toBe(false);
});
