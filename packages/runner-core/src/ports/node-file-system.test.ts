import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IdentityProcess, openIdentityInProcess } from '../../test/child-process.js';
import { parseConfig } from '../config/parse-config.js';
import { openIdentity } from '../store/open-identity.js';
import { readIdentity } from '../store/read-identity.js';
import { nodeFileSystem } from './node-file-system.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'baseos-files-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function open(statePath: string) {
  const parsed = parseConfig({
    BASEOS_CLOUDLY_URL: 'https://cloudly.example',
    BASEOS_STATE_PATH: statePath,
    BASEOS_RUN_PATH: join(directory, 'run'),
  });
  if (!parsed.ok) throw new Error('unreachable');
  return openIdentity({ config: parsed.config });
}

function permissions(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('an identity on the disk of this machine', () => {
  test('is accessible to this user only, and so are its directories', async () => {
    const statePath = join(directory, 'data', 'baseos', 'state.json');
    await (await open(statePath)).close();
    expect(permissions(statePath)).toBe(0o600);
    expect(permissions(`${statePath}.last-good`)).toBe(0o600);
    expect(permissions(join(directory, 'data', 'baseos'))).toBe(0o700);
    expect(permissions(join(directory, 'data'))).toBe(0o700);
  });

  test('survives a truncated state file', async () => {
    const statePath = join(directory, 'state.json');
    const first = await open(statePath);
    await first.close();
    writeFileSync(statePath, readFileSync(statePath).subarray(0, 40));
    chmodSync(statePath, 0o644);
    const second = await open(statePath);
    expect(second.current).toEqual(first.current);
    expect(permissions(`${statePath}.damaged-1`)).toBe(0o600);
    await second.close();
  });

  test('has its existing directory closed to others', async () => {
    chmodSync(directory, 0o755);
    await (await open(join(directory, 'state.json'))).close();
    expect(permissions(directory)).toBe(0o700);
  });

  test('keeps the permissions of a directory that serves others', async () => {
    writeFileSync(join(directory, 'of-another-program'), '');
    chmodSync(directory, 0o755);
    await (await open(join(directory, 'state.json'))).close();
    expect(permissions(directory)).toBe(0o755);
    rmSync(join(directory, 'of-another-program'));
    chmodSync(directory, 0o1777);
    await (await open(join(directory, 'state.json'))).close();
    expect(permissions(directory)).toBe(0o777);
  });

  test.runIf(process.getuid?.() === 0)('keeps the permissions of another user’s directory', async () => {
    chmodSync(directory, 0o755);
    chownSync(directory, 65_534, 65_534);
    await (await open(join(directory, 'state.json'))).close();
    expect(permissions(directory)).toBe(0o755);
  });
});

describe('a non-root agent on the volume of an earlier root agent', () => {
  const agents: IdentityProcess[] = [];
  afterEach(async () => {
    await Promise.all(agents.splice(0).map(async (agent) => agent.crash()));
  });
  const nobody = 65_534;

  const examineAsNobody = async (statePath: string): Promise<Record<string, unknown>> => {
    const agent = openIdentityInProcess(statePath, nobody);
    agents.push(agent);
    return agent.next();
  };

  /** A state file and its directory, as root made them. */
  const volume = (mode: number): string => {
    chmodSync(directory, 0o755);
    const statePath = join(directory, 'baseos', 'state.json');
    mkdirSync(join(directory, 'baseos'), { mode });
    writeFileSync(statePath, '{"nodeId":"old-node","nodeToken":"old-token"}', { mode: 0o644 });
    return statePath;
  };

  test.runIf(process.getuid?.() === 0)('continues as its node and says how to make that permanent', async () => {
    const statePath = volume(0o755);
    const told = await examineAsNobody(statePath);
    expect(told).toMatchObject({ nodeId: 'old-node', source: 'legacy', durable: false });
    expect(JSON.stringify(told['notices'])).toContain(`chown -R ${nobody}:${nobody} ${join(directory, 'baseos')}`);
    expect(readFileSync(statePath, 'utf8')).toBe('{"nodeId":"old-node","nodeToken":"old-token"}');
  });

  test.runIf(process.getuid?.() === 0)('makes no lasting node if it cannot even read', async () => {
    const told = await examineAsNobody(volume(0o700));
    expect(told).toMatchObject({ source: 'unreadable', durable: false });
    expect(JSON.stringify(told['notices'])).toMatch(/cannot be read.*chown/);
  });

  test.runIf(process.getuid?.() === 0)('stores it once the volume belongs to it', async () => {
    const statePath = volume(0o755);
    chownSync(join(directory, 'baseos'), nobody, nobody);
    chownSync(statePath, nobody, nobody);
    expect(await examineAsNobody(statePath)).toMatchObject({ nodeId: 'old-node', durable: true });
    expect((await readIdentity({ statePath })).source).toBe('state-file');
  });
});

describe('nodeFileSystem', () => {
  test('does not overwrite an existing file', async () => {
    const path = join(directory, 'there');
    writeFileSync(path, '');
    await expect(nodeFileSystem.createFile(path, 0o600)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  test('reports the kind of an entry', async () => {
    expect((await nodeFileSystem.status(directory)).kind).toBe('directory');
    expect((await nodeFileSystem.status('/dev/null')).kind).toBe('other');
  });

  test('fails to sync a missing directory', async () => {
    await expect(nodeFileSystem.syncDirectory(join(directory, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
