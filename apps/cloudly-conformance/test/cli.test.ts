import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { conformanceBundle } from '../tsup.config.js';
import { startCloudly } from './cloudly-under-test.js';
import { answerFaults } from './faults/answer-faults.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 300_000 });

// Far from node_modules: the bundle must contain everything it needs.
const folder = mkdtempSync(join(tmpdir(), 'cloudly-conformance-bundle-'));
const cli = join(folder, 'cli.js');
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

beforeAll(() =>
  build({ ...conformanceBundle, config: false, entry: [join(import.meta.dirname, '../src/cli.ts')], outDir: folder }),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...argv], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test('prints a line for each rule under the title of its section, and a summary; exit code 0', async () => {
  const { url, joinToken } = await startCloudly();
  const { code, stdout, stderr } = await run(url, '--join-token', joinToken, '--only', 'identity');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Identity\n(  holds      .+ \(I-\d.*\)\n){4}\n4 hold, 0 fail, 0 not tried\n$/);
  expect(stdout).not.toContain(joinToken);
});

test('says what it would need for the rules it has skipped', async () => {
  const { url, joinToken } = await startCloudly();
  const { code, stdout } = await run(url, '--join-token', joinToken, '--only', 'approved');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^  not tried  .+: needs --approval-join-token <token> and --approve '\.\.\. \{nodeId\}'$/m);
  expect(stdout).toContain('0 hold, 0 fail, 1 not tried');
});

test('uses an operator command to cause what a node alone cannot', async () => {
  const { url, joinToken } = await startCloudly();
  const argv = [url, '--join-token', joinToken, '--only', 'revoked-heartbeat'];
  const revoke = ['--revoke', 'echo there is no node {nodeId} >&2; exit 1'];
  const { code, stdout, stderr } = await run(...argv, ...revoke);
  expect(stdout).toMatch(/not tried .+ ended with 1: there is no node [\da-f-]{36}$/m);
  expect([code, stderr]).toEqual([2, 'Not tried because a given token or command did not work: revoked-heartbeat.\n']);
  expect(JSON.parse((await run(...argv, ...revoke, '--json')).stdout)).toMatchObject({
    results: [{ name: 'revoked-heartbeat', verdict: 'not-tried', isProvisionBroken: true }],
  });
  expect((await run(...argv, '--revoke', 'true')).stdout).toMatch(
    /fails .+: expected 410 node-revoked to a heartbeat, got 200 application\/json$/m,
  );
});

test('an unusable token leaves its rules untried, which is exit code 2', async () => {
  const { url, joinToken } = await startCloudly();
  const argv = [
    url,
    '--join-token',
    joinToken,
    '--only',
    'R-9',
    '--approval-join-token',
    'nonsense',
    '--approve',
    'true',
  ];
  const { code, stdout, stderr } = await run(...argv);
  expect(stdout).toMatch(/not tried .+: the token of --approval-join-token admits no new node/);
  expect(stderr).toMatch(/^Not tried because a given token or command did not work: [\w-]+(, [\w-]+)*\.\n$/);
  expect(code).toBe(2);
});

test('ends with 1 when a rule fails, and says which', async () => {
  const fault = answerFaults.find(({ breaks }) => breaks.includes('carries-cloudly-id'));
  const { url, joinToken } = await startCloudly(fault?.alter);
  const { code, stdout } = await run(url, '--join-token', joinToken);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^  fails {6}every answer carries cloudlyId \(A-4\): expected a cloudlyId, got 4\d\d .+ in \d+ of \d+ answers$/m,
  );
  expect(stdout).toMatch(/\n\d+ hold, 2 fail, \d+ not tried\n$/);
});

test('with --json, the results are one JSON object for programs', async () => {
  const { url, joinToken } = await startCloudly();
  const { code, stdout } = await run(url, '--join-token', joinToken, '--only', 'new-node', '--json');
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    {
      url,
      hold: 1,
      fail: 0,
      notTried: 0,
      results: [
        { section: 'Register', name: 'new-node', cites: ['R-6', 'F-1'], rule: expect.any(String), verdict: 'holds' },
      ],
    },
  ]);
});

test('without a Cloudly, it gives up with a sentence and exit code 2', async () => {
  const { code, stdout, stderr } = await run('http://127.0.0.1:9', '--join-token', 'x');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    'No node was admitted: no answer came from http://127.0.0.1:9: nothing accepts connections there (ECONNREFUSED). ' +
      'Check that Cloudly is running, and check the scheme, host and port of the URL.\n',
  );
});

test('an error on the command line is exit code 2, with the usage on stderr', async () => {
  const { code, stdout, stderr } = await run('--join-token', 'x');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^The URL of Cloudly is missing\.\n\nActs as a node/);
  expect(await run('--help')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--join-token') });
});
