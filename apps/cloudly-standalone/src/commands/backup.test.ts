import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFleet, type StoreWithAccounts } from '@serve.zone/baseos-cloudly-handlers';
import { createAccountAdministration } from '../accounts/create-operators.js';
import { createEmulatedNode } from '../../test/emulated-node.js';
import { runCommand } from '../../test/run-command.js';
import { startServer } from '../../test/start-server.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('backup', () => {
  test('makes one file beside a running server, for its owner only, and lists its content', async () => {
    const { url, data, createJoinToken, store } = await startServer();
    const { joinToken, record } = await createJoinToken({ uses: 5 });
    await createEmulatedNode().register(url, joinToken);
    const file = join(temporaryFolder(), 'backup.sqlite');
    const { exitCode, stdout, stderr } = await runCommand('backup', file, '--data', data, '--json');

    expect(exitCode).toBe(0);
    const { size, mode } = statSync(file);
    expect(JSON.parse(stdout)).toEqual({ path: file, takenAt: instant, bytes: size, frozenJoinTokens: [record.id] });
    expect(mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file))).toEqual(['backup.sqlite']);
    expect(stderr).toMatch(/is in \S+backup\.sqlite\. Its 1 usable join token is frozen in this copy only.*`recover`/);
    expect((await store.findJoinToken(record.id))?.revokedAtMs).toBeUndefined();
    const listed = await runCommand('node', 'list', '--data', file, '--json');
    expect(JSON.parse(listed.stdout)).toHaveLength(1);
  });

  test('without --json prints nothing on stdout, and does not mention join tokens if there are none', async () => {
    const { data } = await startServer();
    const { stdout, stderr } = await runCommand('backup', join(temporaryFolder(), 'backup'), '--data', data);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('join token');
  });

  test('does not overwrite a file', async () => {
    const { data } = await startServer();
    const file = join(temporaryFolder(), 'backup.sqlite');
    writeFileSync(file, 'the backup of yesterday');
    const { exitCode, stderr } = await runCommand('backup', file, '--data', data);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${file} already exists`)]);
    expect(readFileSync(file, 'utf8')).toBe('the backup of yesterday');
  });

  test('that cannot be written exits with 1 and says why', async () => {
    const { data } = await startServer();
    const file = join(temporaryFolder(), 'missing', 'backup.sqlite');
    const { exitCode, stderr } = await runCommand('backup', file, '--data', data);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The backup cannot be written: ENOENT')]);
  });

  test('of missing data creates none', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'backup.sqlite');
    const { exitCode, stderr } = await runCommand('backup', file, '--data', join(folder, 'mistyped'));
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/There is no fleet at .*mistyped.*--data/)]);
    expect(existsSync(file)).toBe(false);
  });

  test('of PostgreSQL names the tool that does it', async () => {
    const argv = ['--database', 'postgres://db.example/fleet'];
    const { exitCode, stderr } = await runCommand('backup', 'backup.sqlite', ...argv);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/pg_dump .*--schema=baseos_cloudly.*recover --taken-at/),
    ]);
  });
});

/** A fleet that was restored from a backup, with the events in between. */
async function restore({ beforeBackup }: { beforeBackup?: (store: StoreWithAccounts) => Promise<void> } = {}) {
  const before = await startServer();
  const { data } = before;
  const { joinToken: spent, record } = await before.createJoinToken({ uses: 1 });
  const { joinToken } = await before.createJoinToken({ uses: 5 });
  const [known, shutOut, newcomer] = [createEmulatedNode(), createEmulatedNode(), createEmulatedNode()];
  await known.register(before.url, joinToken);
  await shutOut.register(before.url, joinToken);
  await beforeBackup?.(before.store);
  const file = join(temporaryFolder(), 'backup.sqlite');
  const backup = await runCommand('backup', file, '--data', data, '--json');
  const { takenAt } = JSON.parse(backup.stdout) as { takenAt: string };

  expect(await newcomer.register(before.url, spent)).toMatchObject({ status: 201 });
  const revocation = await runCommand('node', 'revoke', shutOut.nodeId, '--data', data);
  expect(revocation.exitCode).toBe(0);
  const { nodeToken = '' } = await known.register(before.url, joinToken);
  expect(await known.heartbeat(before.url, nodeToken)).toMatchObject({ status: 200 });

  await before.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${data}${suffix}`, { force: true });
  copyFileSync(file, data);
  return { data, takenAt, spent, spentId: record.id, joinToken, known, nodeToken, shutOut, newcomer };
}

describe('a restored backup', () => {
  test('admits no second node by a join token that was used since, recovered or not', async () => {
    const { data, spent, joinToken } = await restore();
    const { url } = await startServer({ databasePath: data });
    for (const one of [spent, joinToken]) {
      expect(await createEmulatedNode().register(url, one)).toMatchObject({ status: 401 });
    }
  });

  test('is reported by `serve` until it is recovered', async () => {
    const { data, takenAt } = await restore();
    const warning = `This data is a restored backup of ${takenAt}`;
    const serve = () => runCommand('serve', '--port', '0', '--data', data);
    expect((await serve()).stderr).toContain(warning);
    expect((await serve()).stderr).toContain(warning);
    expect((await runCommand('recover', '--data', data)).exitCode).toBe(0);
    expect((await serve()).stderr).not.toContain(warning);
  });

  test('admits its nodes by their keys, and a newcomer by a new join token', async () => {
    const { data, joinToken, known, nodeToken, newcomer } = await restore();
    const { url } = await startServer({ databasePath: data });
    expect(await known.heartbeat(url, nodeToken)).toMatchObject({ status: 401 });
    expect(await known.register(url, joinToken)).toMatchObject({ status: 200 });
    expect(await newcomer.register(url, joinToken)).toMatchObject({ status: 401 });
    await runCommand('recover', '--data', data);
    const made = await runCommand('join-token', 'create', '--data', data, '--json');
    const fresh = JSON.parse(made.stdout) as { joinToken: string };
    expect(await newcomer.register(url, fresh.joinToken)).toMatchObject({ status: 201 });
  });
});

describe('recover', () => {
  test('says what is frozen, what needs attention and what recovers on its own', async () => {
    const { data, takenAt, spentId } = await restore();
    const { exitCode, stdout, stderr } = await runCommand('recover', '--data', data);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`The fleet is in the state of ${takenAt}.`);
    expect(stdout).toMatch(
      new RegExp(`2 join tokens are frozen: .*\n  ${spentId} \\(used 0 of 1 times at that time\\)\n`),
    );
    expect(stdout).toContain(
      'Nodes that were revoked after the backup are active again (active: 2). Revoke them with `node revoke`.',
    );
    expect(stdout).toContain('re-enrol on their own with their registration keys');

    const listed = await runCommand('join-token', 'list', '--wide', '--data', data);
    expect(listed.stdout).toMatch(
      new RegExp(`${spentId} +revoked .*  its uses since the backup of ${takenAt} are not known`),
    );
  });

  test('stops the jobs that ran when the backup was taken, and starts the events over', async () => {
    const caller = { actor: 'host:test', role: 'admin' } as const;
    let jobId = '';
    const { data } = await restore({
      beforeBackup: async (store) => {
        const fleet = createFleet({ store });
        ({ id: jobId } = await fleet.previewBulk(caller, { action: { kind: 'rotate-token' }, selector: '' }));
        await fleet.confirmBulk(caller, jobId, 2);
      },
    });
    const { store } = await startServer({ databasePath: data });
    const epoch = await store.eventsEpoch();
    const dry = await runCommand('recover', '--dry-run', '--data', data);
    expect(dry.stdout).toContain(`The job ${jobId} (rotate-token on 2 nodes) would be stopped.`);
    expect(await createFleet({ store }).bulkProgress(caller, jobId)).not.toHaveProperty('job.stoppedAtMs');

    const { stdout } = await runCommand('recover', '--data', data);
    expect(stdout).toContain(
      `The job ${jobId} (rotate-token on 2 nodes) is stopped. At the time of the backup, 2 nodes were`,
    );
    expect(stdout).toContain('Programs that follow the events start over');
    expect(await createFleet({ store }).bulkProgress(caller, jobId)).toMatchObject({
      done: 0,
      job: { stoppedAtMs: expect.any(Number) },
    });
    expect(await store.eventsEpoch()).not.toBe(epoch);
  });

  test('lets nobody in who had an API token, whether the backup has frozen it or not', async () => {
    const create = (name: string) => ['operator', 'token', 'create', name, '--role', 'view'];
    const { data } = await restore({
      beforeBackup: async ({ accounts }) => {
        await createAccountAdministration({ store: accounts, now: Date.now, publicUrl: () => '' }).createApiToken(
          { actor: 'host:test', role: 'admin' },
          { name: 'before', role: 'view' },
        );
      },
    });
    await runCommand(...create('since'), '--data', data);
    const dry = await runCommand('recover', '--dry-run', '--data', data);
    expect(dry.stdout).toContain('API tokens that would be revoked: before, since. Create new ones with');
    const { stdout } = await runCommand('recover', '--data', data, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ revokedApiTokens: ['before', 'since'] });
    const listed = await runCommand('operator', 'token', 'list', '--json', '--data', data);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ state: 'revoked' }, { state: 'revoked' }]);
    expect((await runCommand(...create('new'), '--data', data)).exitCode).toBe(0);
  });

  test('reports the same as JSON for programs', async () => {
    const { data, takenAt, spentId } = await restore();
    const { stdout } = await runCommand('recover', '--data', data, '--json');
    expect(JSON.parse(stdout)).toEqual({
      takenAt,
      dryRun: false,
      frozenJoinTokens: [
        expect.objectContaining({
          id: spentId,
          state: 'revoked',
          revokedAt: takenAt,
          revokedReason: expect.any(String),
        }),
        expect.objectContaining({ state: 'revoked', usedCount: 2 }),
      ],
      stoppedJobs: [],
      pausedRollouts: [],
      disabledWebhooks: [],
      revokedApiTokens: [],
      endedSessions: 0,
      voidInvitations: 0,
      nodes: { active: 2, online: 0, pending: 0, revoked: 0 },
    });
  });

  test('also freezes tokens made before it was run, and none afterwards', async () => {
    const { data } = await restore();
    const create = () => runCommand('join-token', 'create', '--data', data, '--url', 'https://c.example', '--json');
    const early = JSON.parse((await create()).stdout) as { id: string };
    const recovered = await runCommand('recover', '--data', data, '--json');
    const { frozenJoinTokens } = JSON.parse(recovered.stdout) as { frozenJoinTokens: { id: string }[] };
    expect(frozenJoinTokens.map(({ id }) => id)).toContain(early.id);
    const late = JSON.parse((await create()).stdout) as { state: string };
    expect(late.state).toBe('usable');
  });

  test('with --dry-run reports everything and changes nothing', async () => {
    const { data, createJoinToken, store } = await startServer();
    const { record } = await createJoinToken();
    const argv = ['recover', '--data', data, '--taken-at', '2026-01-01T00:00:00Z', '--dry-run'];
    const { exitCode, stdout } = await runCommand(...argv);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/1 join token would be frozen.*Nothing was changed\.\n$/s),
    ]);
    expect(await store.findJoinToken(record.id)).toEqual(record);

    const restored = await restore();
    expect(await runCommand('recover', '--data', restored.data, '--dry-run')).toMatchObject({ exitCode: 0 });
    expect(await runCommand('recover', '--data', restored.data)).toMatchObject({ exitCode: 0 });
  });

  test('of data that was never a backup is refused unless a flag says that it was', async () => {
    const { data, createJoinToken, store } = await startServer();
    const { record } = await createJoinToken();
    const refused = await runCommand('recover', '--data', data);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--taken-at')]);
    expect(await store.findJoinToken(record.id)).toEqual(record);

    const told = await runCommand('recover', '--data', data, '--taken-at', '2026-01-01T01:00:00+01:00');
    expect(told.stdout).toContain('in the state of 2026-01-01T00:00:00.000Z');
    expect((await store.findJoinToken(record.id))?.revokedReason).toContain('2026-01-01T00:00:00.000Z');
  });

  test.each(['yesterday', '2026-01-01', '2026-01-01T00:00:00', '9999-01-01T00:00:00Z', '2026-13-01T00:00:00Z'])(
    'rejects --taken-at %s',
    async (text) => {
      const { exitCode, stderr } = await runCommand('recover', '--taken-at', text);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--taken-at must be a time in the past')]);
    },
  );
});
