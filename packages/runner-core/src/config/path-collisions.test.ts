import fc from 'fast-check';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyPathOf, asidePathOf } from '../store/state-file-names.js';
import { parseConfig } from './parse-config.js';
import { claimOf } from './path-collisions.js';
import { whoseIs } from './whose-is.js';

function mistakesOf(environment: Record<string, string>) {
  const parsed = parseConfig(environment);
  return parsed.ok ? [] : parsed.mistakes;
}

describe('two paths of the agent that collide are an error', () => {
  test.each<[variable: string, claim: RegExp, environment: Record<string, string>]>([
    ['BASEOS_STATE_PATH', /publishes in \/r/, { BASEOS_STATE_PATH: '/r/status.json', BASEOS_RUN_PATH: '/r' }],
    ['BASEOS_STATE_PATH', /publishes in \/r/, { BASEOS_STATE_PATH: '/r/healthy-until', BASEOS_RUN_PATH: '/r/' }],
    [
      'BASEOS_STATE_PATH',
      /publishes in \/r/,
      { BASEOS_STATE_PATH: '/x/..//r/./recent-log.jsonl', BASEOS_RUN_PATH: '/r' },
    ],
    ['BASEOS_STATE_PATH', /publishes in \/r/, { BASEOS_STATE_PATH: '/r/.status.json.1', BASEOS_RUN_PATH: '/r' }],
    ['BASEOS_STATE_PATH', /publishes in \/r/, { BASEOS_STATE_PATH: '/r/lock-0123abcd', BASEOS_RUN_PATH: '/r' }],
    [
      'BASEOS_STATE_PATH',
      /publishes in \/r/,
      { BASEOS_STATE_PATH: '/r/status.json/state.json', BASEOS_RUN_PATH: '/r' },
    ],
    ['BASEOS_STATE_PATH', /publishes in \/run\/baseos/, { BASEOS_STATE_PATH: '/run/baseos/status.json' }],
    ['BASEOS_STATE_PATH', /publishes in \/dev\/shm\/baseos/, { BASEOS_STATE_PATH: '/dev/shm/baseos/status.json' }],
    ['BASEOS_STATE_PATH', /directory that the agent publishes/, { BASEOS_STATE_PATH: '/run/baseos' }],
    ['BASEOS_STATE_PATH', /another file of that directory/, { BASEOS_STATE_PATH: '/d/last-hang.json' }],
    ['BASEOS_STATE_PATH', /another file of that directory/, { BASEOS_STATE_PATH: '/d/.lock-0123abcd' }],
    ['BASEOS_STATE_PATH', /another file of that directory/, { BASEOS_STATE_PATH: '/d/journal.json.last-good' }],
    ['BASEOS_RUN_PATH', /the state file/, { BASEOS_STATE_PATH: '/d/state', BASEOS_RUN_PATH: '/d/state' }],
    ['BASEOS_RUN_PATH', /the state file/, { BASEOS_STATE_PATH: '/d/state', BASEOS_RUN_PATH: '/d/state/run' }],
    [
      'BASEOS_RUN_PATH',
      /or a file beside it/,
      { BASEOS_STATE_PATH: '/d/state', BASEOS_RUN_PATH: '/d/state.last-good' },
    ],
    ['BASEOS_RUN_PATH', /or a file beside it/, { BASEOS_STATE_PATH: '/d/state', BASEOS_RUN_PATH: '/d/state.tmp' }],
    [
      'BASEOS_METRICS_LISTEN',
      /the state file/,
      { BASEOS_STATE_PATH: '/d/state', BASEOS_METRICS_LISTEN: 'unix:/d/state' },
    ],
    [
      'BASEOS_METRICS_LISTEN',
      /or a file beside it/,
      { BASEOS_STATE_PATH: '/d/s', BASEOS_METRICS_LISTEN: 'unix:/d/x/../s.last-good' },
    ],
    ['BASEOS_METRICS_LISTEN', /publishes/, { BASEOS_RUN_PATH: '/r', BASEOS_METRICS_LISTEN: 'unix:/r/status.json' }],
    ['BASEOS_METRICS_LISTEN', /publishes/, { BASEOS_RUN_PATH: '/r', BASEOS_METRICS_LISTEN: 'unix:/r' }],
    ['BASEOS_METRICS_LISTEN', /publishes/, { BASEOS_METRICS_LISTEN: 'unix:/run/baseos/healthy-until' }],
    ['BASEOS_METRICS_LISTEN', /directory/, { BASEOS_STATE_PATH: '/d/e/state', BASEOS_METRICS_LISTEN: 'unix:/d/e' }],
  ])('%s (%s): %j', (variable, claim, environment) => {
    expect(mistakesOf(environment)).toEqual([
      expect.objectContaining({ variable, message: expect.stringMatching(claim) }),
    ]);
  });
});

describe('unrelated paths do not collide', () => {
  test.each<Record<string, string>>([
    {},
    { BASEOS_STATE_PATH: '/d/state.json', BASEOS_RUN_PATH: '/d' },
    { BASEOS_STATE_PATH: '/d/state.json', BASEOS_RUN_PATH: '/d/run' },
    { BASEOS_STATE_PATH: '/d/status.json', BASEOS_RUN_PATH: '/r' },
    { BASEOS_STATE_PATH: '/d/state', BASEOS_RUN_PATH: '/d/state-run' },
    { BASEOS_STATE_PATH: '/d/..state/s', BASEOS_RUN_PATH: '/d' },
    { BASEOS_RUN_PATH: '/r', BASEOS_METRICS_LISTEN: 'unix:/r/metrics.sock' },
    { BASEOS_METRICS_LISTEN: 'unix:/run/baseos/metrics.sock' },
    { BASEOS_STATE_PATH: '/d/state', BASEOS_METRICS_LISTEN: 'unix:/d/state.sock' },
  ])('%j', (environment) => {
    expect(mistakesOf(environment)).toEqual([]);
  });
});

test('every file derived from a state file has its own path', () => {
  const name = fc.stringMatching(/^[a-z.-]{1,12}$/).filter((text) => !/^\.{1,2}$/.test(text));
  const kind = fc.constantFrom('damaged' as const, 'replaced' as const, 'reset' as const);
  fc.assert(
    fc.property(name, kind, fc.integer({ min: 1, max: 999_999_999 }), fc.boolean(), (base, aside, number, isFirst) => {
      const statePath = `/d/${base}`;
      for (const path of [statePath, copyPathOf(statePath), asidePathOf(statePath, aside, number)]) {
        expect(claimOf(isFirst ? `${path}.tmp` : path, { statePath, runPath: '/r' })).toContain('state file');
      }
    }),
  );
});

describe('behind a link', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baseos-paths-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  test('a path counts as the place it leads to, even if nothing exists there yet', async () => {
    const config = { statePath: join(folder, 'state', 'state.json'), runPath: join(folder, 'run') };
    await symlink(folder, join(folder, 'link'));
    const whose = async (path: string) => whoseIs(join(folder, path), config);
    expect(await whose('link/state/state.json.last-good')).toContain('state file');
    expect(await whose('link/run/status.json')).toContain('publishes');
    expect(await whose('link/state/other.tar.gz')).toBeUndefined();
    await symlink(join(folder, 'state', 'state.json'), join(folder, 'file'));
    expect(await whose('file')).toContain('state file');
    await symlink('loop', join(folder, 'loop'));
    expect(await whose('loop')).toBeUndefined();
  });
});
