import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRunPaths, HEALTHY_UNTIL_FILE_NAME } from '@serve.zone/baseos-runner-core';
import { imageShell } from '@serve.zone/baseos-testing/processes/image-shell';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const healthCheck = readFileSync(join(import.meta.dirname, '../container/is-alive'), 'utf8');

let runPath: string;
beforeEach(() => {
  runPath = mkdtempSync(join(tmpdir(), 'baserunner-run-'));
});
afterEach(() => rmSync(runPath, { recursive: true, force: true }));

function check(script = healthCheck) {
  const [shell, ...argv] = imageShell;
  const { status, stdout } = spawnSync(shell, [...argv, '-c', script], {
    env: { BASEOS_RUN_PATH: runPath },
    encoding: 'utf8',
    timeout: 10_000,
  });
  return { exitCode: status, stdout };
}

function path() {
  return join(runPath, HEALTHY_UNTIL_FILE_NAME);
}

function publish(text: string): void {
  writeFileSync(path(), text);
}

function uptimeSeconds(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
}

function bootId() {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** As the agent writes it. */
function line({ until = 60, written = -10, boot = bootId() } = {}) {
  return `${uptimeSeconds() + until} ${uptimeSeconds() + written} ${boot}\n`;
}

describe.runIf(process.platform === 'linux')('the health check', () => {
  test('passes until the agent’s deadline', () => {
    publish(line());
    expect(check()).toEqual({ exitCode: 0, stdout: '' });
  });

  test('fails after the deadline', () => {
    publish(line({ until: -2 }));
    const { exitCode, stdout } = check();
    expect(exitCode).toBe(1);
    expect(stdout).toContain('made no progress');
  });

  test.each([
    ['an earlier boot', () => line({ boot: '00000000-0000-4000-8000-000000000000' })],
    ['an earlier boot while the kernel hides the boot ID', () => line({ written: 5000, until: 6000, boot: '-' })],
    ['the future', () => line({ written: 5000, until: 6000 })],
  ])('fails if the deadline is of %s', (_, text) => {
    publish(text());
    expect(check()).toEqual({
      exitCode: 1,
      stdout: 'No agent has published its status since the device was started.\n',
    });
  });

  test('uses the uptime alone if the kernel hides the boot ID', () => {
    const hidden = healthCheck.replace('/proc/sys/kernel/random/boot_id', '/nowhere/boot_id');
    publish(line());
    expect(check(hidden)).toEqual({ exitCode: 0, stdout: '' });
    publish(line({ boot: '-' }));
    expect(check()).toEqual({ exitCode: 0, stdout: '' });
    publish(line({ written: 5000, until: 6000 }));
    expect(check(hidden).exitCode).toBe(1);
  });

  test.each([
    '',
    '\n',
    'soon\n',
    '12abc\n',
    '-1 -1 -\n',
    '99999999999999999999999 1 -\n',
    '9999999 $(exit 0) -\n',
    '9999999\n',
  ])('fails if the deadline reads %j', (text) => {
    publish(text);
    expect(check()).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^(No agent|.*cannot be understood)/) });
  });

  test('fails if no agent has published anything', () => {
    expect(check()).toEqual({ exitCode: 1, stdout: 'No agent has published its status yet.\n' });
  });

  test.each(['a link', 'a pipe', 'a directory'])('neither follows nor waits for %s in place of the file', (what) => {
    const target = join(runPath, 'target');
    writeFileSync(target, line());
    if (what === 'a link') symlinkSync(target, path());
    else if (what === 'a pipe') execFileSync('mkfifo', [path()]);
    else mkdirSync(path());
    expect(check()).toEqual({ exitCode: 1, stdout: 'No agent has published its status yet.\n' });
  });

  test.runIf(process.getuid?.() === 0)('trusts no file of another user', () => {
    publish(line());
    chownSync(path(), 1234, 1234);
    expect(check()).toEqual({ exitCode: 1, stdout: 'No agent has published its status yet.\n' });
  });

  test('passes if an agent runs in one of two places', () => {
    const elsewhere = mkdtempSync(join(runPath, 'elsewhere-'));
    const both = healthCheck.replace('set -- "$BASEOS_RUN_PATH"', `set -- '${elsewhere}' "$BASEOS_RUN_PATH"`);
    writeFileSync(join(elsewhere, HEALTHY_UNTIL_FILE_NAME), line({ until: -2 }));
    publish(line());
    expect(check(both)).toEqual({ exitCode: 0, stdout: '' });
  });

  test('looks where the agent publishes', () => {
    for (const directory of defaultRunPaths) expect(healthCheck).toContain(directory);
    expect(healthCheck).not.toMatch(/^[^#]*\bnode\b/m);
  });
});
