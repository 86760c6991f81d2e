import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../config/parse-config.js';
import { examineDirectory } from '../reports/examine-directory.js';
import { describeIdentity } from '../reports/describe-identity.js';
import type { IdentityStore } from '../identity/identity-store.js';
import { openIdentity } from './open-identity.js';
import { readIdentity } from './read-identity.js';
import { resetIdentity } from './reset-identity.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baseos-link-'));
  for (const name of ['data', 'disk']) mkdirSync(join(folder, name), { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function link(): string {
  return join(folder, 'data', 'state.json');
}

function target(): string {
  return join(folder, 'disk', 'state.json');
}

function environment(statePath: string) {
  return {
    BASEOS_CLOUDLY_URL: 'https://cloudly.example',
    BASEOS_STATE_PATH: statePath,
    BASEOS_RUN_PATH: join(folder, 'run'),
  };
}

async function open(statePath: string, signal?: AbortSignal, onWait?: () => void): Promise<IdentityStore> {
  const parsed = parseConfig(environment(statePath));
  if (!parsed.ok) throw new Error('unreachable');
  return openIdentity({ config: parsed.config, signal, onWait });
}

function alarms(notices: IdentityStore['notices']) {
  return notices.filter(({ message }) => /others|other users|read by/.test(message));
}

/** Every way in which an operator would write it. */
function links(): [name: string, target: string][] {
  return [
    ['an absolute path', target()],
    ['a relative path', '../disk/state.json'],
    ['a path through another link', '../shortcut/state.json'],
  ];
}

describe('a symbolic link as state file', () => {
  test.each([0, 1, 2])('is followed for reading and writing, and stays (form %i)', async (form) => {
    symlinkSync('disk', join(folder, 'shortcut'));
    const [, written = ''] = links()[form] ?? [];
    symlinkSync(written, link());
    const first = await open(link());
    expect(first).toMatchObject({ source: 'generated', durable: true });
    expect(await first.update((identity) => ({ ...identity, deviceUuid: 'device' }))).toEqual({ ok: true });
    await first.close();
    expect(readlinkSync(link())).toBe(written);
    expect(readdirSync(join(folder, 'data'))).toEqual(['state.json']);
    expect(readdirSync(join(folder, 'disk')).toSorted()).toEqual(['state.json', 'state.json.last-good']);
    expect(lstatSync(target()).mode & 0o777).toBe(0o600);

    const second = await open(link());
    expect(second).toMatchObject({ source: 'state-file', durable: true, current: first.current });
    expect(alarms(second.notices)).toEqual([]);
    await second.close();
  });

  test('is the same identity for every reader', async () => {
    symlinkSync(target(), link());
    const store = await open(link());
    const { nodeId } = store.current;
    await store.close();
    expect(await readIdentity({ statePath: link() })).toMatchObject({ source: 'state-file', nodeId, notices: [] });
    expect((await describeIdentity(environment(link()))).files.map(({ path }) => path)).toEqual([
      target(),
      `${target()}.last-good`,
    ]);
    expect(await examineDirectory({ statePath: link() })).toMatchObject({ kind: 'directory', writeProblem: undefined });
  });

  test('is reset at its target, and then leads to the next identity', async () => {
    symlinkSync(target(), link());
    const store = await open(link());
    await store.close();
    expect(await resetIdentity(environment(link()))).toMatchObject({ kind: 'reset' });
    expect(readdirSync(join(folder, 'disk'))).toEqual(['state.json.reset-1']);
    const next = await open(link());
    expect(next).toMatchObject({ source: 'generated', durable: true });
    expect(next.current.nodeId).not.toBe(store.current.nodeId);
    await next.close();
    expect(readlinkSync(link())).toBe(target());
  });

  test('leads to one lock, whichever link is used, if any', async () => {
    symlinkSync(target(), link());
    const holder = await open(link());
    const abort = new AbortController();
    const second = open(target(), abort.signal, () => abort.abort());
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    expect(await resetIdentity(environment(target()))).toMatchObject({ kind: 'refused' });
    await holder.close();
  });
});

describe('a link with a predictable name', () => {
  test.each(['state.json.tmp', 'state.json.last-good', 'state.json.last-good.tmp'])(
    '%s is not followed',
    async (name) => {
      const victim = join(folder, 'victim');
      writeFileSync(victim, 'of another program');
      await (await open(target())).close();
      rmSync(join(folder, 'disk', name), { force: true });
      symlinkSync(victim, join(folder, 'disk', name));
      const store = await open(target());
      expect(store).toMatchObject({ source: 'state-file', durable: true });
      expect(await store.update((identity) => ({ ...identity, deviceUuid: 'device' }))).toEqual({ ok: true });
      await store.close();
      expect(lstatSync(victim).size).toBe('of another program'.length);
      expect(lstatSync(`${target()}.last-good`).isFile()).toBe(true);
      expect((await readIdentity({ statePath: target() })).source).toBe('state-file');
    },
  );
});
