import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { isDirectoryHeld } from '../lock/is-directory-held.js';
import { readIdentity } from '../store/read-identity.js';
import { examineDirectory } from './examine-directory.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baseos-examine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function statePath(): string {
  return join(folder, 'state', 'state.json');
}

describe('a state directory', () => {
  test('is described as it is and stays unchanged', async () => {
    mkdirSync(join(folder, 'state'), { mode: 0o755 });
    chmodSync(join(folder, 'state'), 0o755);
    writeFileSync(statePath(), '{"nodeId":"old-node","nodeToken":"old-token"}', { mode: 0o600 });
    const before = statSync(join(folder, 'state'));
    const found = await examineDirectory({ statePath: statePath() });
    expect(found).toMatchObject({ kind: 'directory', mode: 0o755, writeProblem: undefined });
    expect(found.freeBytes).toBeGreaterThan(0);
    expect(await isDirectoryHeld(found.directory)).toBe(false);
    const stored = await readIdentity({ statePath: statePath() });
    expect(stored).toMatchObject({ source: 'legacy', format: 0, nodeId: 'old-node' });
    expect(JSON.stringify([found, stored])).not.toContain('old-token');
    const { mtimeMs, ctimeMs, mode } = statSync(join(folder, 'state'));
    expect({ mtimeMs, ctimeMs, mode }).toEqual({ mtimeMs: before.mtimeMs, ctimeMs: before.ctimeMs, mode: before.mode });
    expect(readFileSync(statePath(), 'utf8')).toContain('old-token');
  });

  test('may be missing if it can be made, which is not a problem', async () => {
    const path = join(folder, 'a', 'b', 'state.json');
    expect(await examineDirectory({ statePath: path })).toMatchObject({ kind: 'missing', writeProblem: undefined });
    expect(await readIdentity({ statePath: path })).toMatchObject({ source: 'none' });
  });

  test('may turn out to be a file', async () => {
    writeFileSync(join(folder, 'state'), '');
    const found = await examineDirectory({ statePath: statePath() });
    expect(found).toMatchObject({ kind: 'no-directory', writeProblem: { code: 'not-a-directory' } });
  });

  test.each([
    ['EROFS', /read-only/],
    ['EDQUOT', /quota/],
  ])('that is not writable (%s) says what to do', async (code, words) => {
    mkdirSync(join(folder, 'state'));
    const fileSystem = {
      ...nodeFileSystem,
      checkWritable: async () => Promise.reject(Object.assign(new Error(code), { code })),
    };
    expect((await examineDirectory({ statePath: statePath(), fileSystem })).writeProblem?.message).toMatch(words);
  });

  test.each([
    ['a directory', 'gate.json', (path: string) => mkdirSync(path), 'directory-in-the-way'],
    ['a link', 'journal.json', (path: string) => symlinkSync(statePath(), path), 'link-in-the-way'],
    ['a file, as it is to be', 'journal.json', (path: string) => writeFileSync(path, ''), undefined],
  ])('is told to have %s with the name of a record', async (_what, name, put, code) => {
    mkdirSync(join(folder, 'state'));
    writeFileSync(statePath(), '');
    const path = join(folder, 'state', name);
    put(path);
    const { recordProblem } = await examineDirectory({ statePath: statePath() });
    expect(recordProblem?.code).toBe(code);
    expect(recordProblem?.message ?? path).toContain(path);
    expect(recordProblem?.remedy ?? '').not.toContain('BASEOS_STATE_PATH');
  });

  test('may be closed to the current user', async () => {
    const status = async () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }));
    const found = await examineDirectory({ statePath: statePath(), fileSystem: { ...nodeFileSystem, status } });
    expect(found.kind).toBe('hidden');
  });
});
