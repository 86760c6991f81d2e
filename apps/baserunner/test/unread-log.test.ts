import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { canMount, mountFileSystem, unlessMountable } from '@serve.zone/baseos-testing/files/file-system-mount';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

const onEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of onEnd.splice(0)) await end();
});

/** An agent that logs to a target of the test. It ends after the test. */
async function startWith(stderr: 'pipe' | number, script = 'exec "$@"') {
  const env = { PATH: process.env['PATH'], ...rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }) };
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, rig.cliPath, 'start'], {
    env,
    stdio: ['ignore', 'ignore', stderr],
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  onEnd.push(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, exited };
}

/** More than the agent could send while a write of it is held. */
async function heartbeatsGoOn(): Promise<void> {
  for (let count = 0; count < 3; count += 1) await rig.nextHeartbeat();
}

const hasScript = spawnSync('script', ['--version']).status === 0;

describe.runIf(process.platform === 'linux')('an agent', () => {
  test.runIf(hasScript)('continues while its terminal is stopped, and can still end', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken(), BASEOS_LOG_LEVEL: 'debug' });
    const words = [process.execPath, rig.cliPath, 'start'].map((word) => `'${word}'`).join(' ');
    const terminal = spawn('script', ['-qefc', `echo "pid: $$"; exec ${words}`, '/dev/null'], {
      env: { PATH: process.env['PATH'], SHELL: '/bin/sh', ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const exited = once(terminal, 'exit');
    onEnd.push(async () => {
      terminal.kill('SIGKILL');
      await exited;
    });
    let screen = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
    const shows = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(screen)) await once(terminal.stdout, 'data');
    };
    await rig.event('heartbeat-received');
    await shows(/pid: \d+/);
    const pid = Number(/pid: (\d+)/.exec(screen)?.[1]);
    // Ctrl-S
    terminal.stdin.write('\u0013');
    await rig.nextHeartbeat();
    const shown = screen.length;
    await heartbeatsGoOn();
    expect(screen.length).toBe(shown);
    // Ctrl-Q
    terminal.stdin.write('\u0011');
    await once(terminal.stdout, 'data');
    terminal.stdin.write('\u0013');
    await heartbeatsGoOn();
    process.kill(pid, 'SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  test('continues while nobody reads the full pipe that takes its log', async () => {
    const path = join(rig.folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const pipe = openSync(path, 'w');
    onEnd.push(
      () => closeSync(reader),
      () => closeSync(pipe),
    );
    expect(() => {
      for (;;) writeSync(reader, 'x'.repeat(1024));
    }).toThrow(/EAGAIN/);
    const { exited, child } = await startWith(pipe);
    await rig.event('heartbeat-received');
    await heartbeatsGoOn();
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
  });

  test('continues if its log goes to a full disk', async () => {
    const { exited, child } = await startWith(openSync('/dev/full', 'w'));
    await rig.event('heartbeat-received');
    await heartbeatsGoOn();
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
  });

  test.runIf(canMount)(`continues when the disk of its log fills up${unlessMountable}`, async () => {
    const place = join(rig.folder, 'small');
    await mkdir(place);
    const mounted = await mountFileSystem(place, 4);
    onEnd.unshift(mounted.unmount);
    const { exited, child } = await startWith(openSync(join(place, 'log'), 'a'));
    await rig.event('heartbeat-received', ({ sequence }) => sequence > 8);
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
  });

  test('continues without stderr', async () => {
    const { exited, child } = await startWith('pipe', 'exec "$@" 2>&-');
    await rig.event('heartbeat-received');
    await heartbeatsGoOn();
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
  });
});
