import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRunPaths, HEALTHY_UNTIL_FILE_NAME } from '@serve.zone/baseos-runner-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../container/is-alive');

let runPath: string;
beforeEach(() => {
  runPath = mkdtempSync(join(tmpdir(), 'baserunner-run-'));
});
afterEach(() => rmSync(runPath, { recursive: true, force: true }));

function check() {
  const { status, stdout } = spawnSync('/bin/sh', [script], { env: { BASEOS_RUN_PATH: runPath }, encoding: 'utf8' });
  return { exitCode: status, stdout };
}

function publish(text: string): void {
  writeFileSync(join(runPath, HEALTHY_UNTIL_FILE_NAME), text);
}

const uptimeSeconds = (): number => Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));

describe.runIf(process.platform === 'linux')('the health check', () => {
  it('passes while the deadline of the agent is ahead', () => {
    publish(`${uptimeSeconds() + 60}\n`);
    expect(check()).toEqual({ exitCode: 0, stdout: '' });
  });

  it('fails when the deadline has passed', () => {
    publish(`${uptimeSeconds() - 2}\n`);
    const { exitCode, stdout } = check();
    expect(exitCode).toBe(1);
    expect(stdout).toContain('made no progress');
  });

  it.each(['', '\n', 'soon\n', '12abc\n'])('fails where the deadline reads %j', (text) => {
    publish(text);
    expect(check().exitCode).not.toBe(0);
  });

  it('fails where no agent has published anything', () => {
    expect(check()).toEqual({ exitCode: 1, stdout: 'No agent has published its status yet.\n' });
  });

  it('looks where the agent publishes', () => {
    const text = readFileSync(script, 'utf8');
    for (const path of defaultRunPaths) expect(text).toContain(path);
    expect(text).not.toMatch(/^[^#]*\bnode\b/m);
  });
});
