import { once } from 'node:events';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageShell } from '@serve.zone/baseos-testing/processes/image-shell';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const [shell, ...shellArgv] = imageShell;
const wrapper = readFileSync(join(import.meta.dirname, '../container/baserunner'), 'utf8').replace(
  '#!/bin/sh',
  `#!${imageShell.join(' ')}`,
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baserunner-wrapper-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.runIf(process.platform === 'linux')(
  'the image’s `baserunner` is Node itself below an init and beside an agent, and SIGUSR1 opens no inspector',
  async () => {
    // The image's Node, and in place of the agent a program that reports how it was started.
    symlinkSync(process.execPath, join(folder, 'node'));
    const program = `
    console.log('ready');
    process.stdin.resume().on('end', () => {
      const { pid, execArgv, argv } = process;
      console.log(JSON.stringify({ pid, execArgv, words: argv.slice(2), inspector: require('node:inspector').url() ?? null }));
    });`;
    writeFileSync(join(folder, 'cli.cjs'), program);
    const script = wrapper.replace('/opt/baserunner/cli.js', join(folder, 'cli.cjs'));
    const child = spawn(shell, [...shellArgv, '-c', script, 'baserunner', 'start', 'two words'], {
      env: { PATH: folder },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdout.once('data', () => {
      child.kill('SIGUSR1');
      child.stdin.end();
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(JSON.parse(output.replace('ready', ''))).toEqual({
      pid: child.pid,
      execArgv: expect.arrayContaining(['--disable-sigusr1']),
      words: ['start', 'two words'],
      inspector: null,
    });
  },
);

/** What tells whether this process may do what the entry does in the container of a gated service. */
const canDropRoot = ((): boolean => {
  try {
    execFileSync('setpriv', ['--reuid=1000', '--regid=1000', '--clear-groups', 'true'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
})();

describe.runIf(canDropRoot)('`baserunner` in a container that starts as root', () => {
  /** Runs the entry with a program in place of Node that tells its user. */
  function userOf({ stateOwner }: { stateOwner: number }): { user: string; mode: string } {
    const [locks, state] = [join(folder, 'locks'), join(folder, 'state')];
    for (const directory of [locks, state]) mkdirSync(directory, { mode: 0o755 });
    chmodSync(folder, 0o755);
    chownSync(state, stateOwner, stateOwner);
    writeFileSync(join(folder, 'node'), '#!/bin/sh\nid -u\n', { mode: 0o755 });
    writeFileSync(join(folder, 'entry'), wrapper, { mode: 0o755 });
    const user = execFileSync(join(folder, 'entry'), ['start'], {
      env: {
        PATH: `${folder}:${process.env['PATH']}`,
        BALENA_APP_LOCK_PATH: join(locks, 'updates.lock'),
        BASEOS_STATE_PATH: join(state, 'state.json'),
      },
      encoding: 'utf8',
    });
    return { user: user.trim(), mode: (statSync(locks).mode & 0o7777).toString(8) };
  }

  test('the folder of the update lock is opened, and the agent runs as the owner of its state', () => {
    expect(userOf({ stateOwner: 1000 })).toEqual({ user: '1000', mode: '1777' });
  });

  test('an agent whose state is root’s stays root', () => {
    expect(userOf({ stateOwner: 0 })).toEqual({ user: '0', mode: '1777' });
  });
});

const canMakeNamespaces = ((): boolean => {
  try {
    execFileSync('unshare', ['--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const unlessPossible = canMakeNamespaces ? '' : ' (needs root and unshare, in a container with CAP_SYS_ADMIN)';

describe.runIf(canMakeNamespaces)(`\`baserunner\` as PID 1 of a container${unlessPossible}`, () => {
  /** @param program replaces the agent. It writes a line to stdout when it is ready for a signal. */
  const startAsInit = (program: string) => {
    symlinkSync(process.execPath, join(folder, 'node'));
    writeFileSync(join(folder, 'cli.cjs'), program);
    writeFileSync(join(folder, 'entry'), wrapper.replace('/opt/baserunner/cli.js', join(folder, 'cli.cjs')));
    const argv = ['--pid', '--fork', '--mount-proc', ...imageShell, join(folder, 'entry'), 'start', 'two words'];
    const child = spawn('unshare', argv, {
      env: { PATH: `${folder}:${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      lines: output.split('\n').filter(Boolean),
    }));
    /** The engine signals the container's PID 1: the one child of `unshare`. */
    const signalInit = async (signal: NodeJS.Signals): Promise<void> => {
      await once(child.stdout, 'data');
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      process.kill(Number(children), signal);
    };
    return { ended, signalInit };
  };

  test('reaps orphaned processes', async () => {
    const { ended } = startAsInit(`
      const { spawn } = require('node:child_process');
      const { readdirSync, readFileSync } = require('node:fs');
      const states = () => readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && Number(name) !== process.pid)
        .map((pid) => { try { return readFileSync('/proc/' + pid + '/stat', 'utf8').replace(/\\n/, ''); } catch { return ''; } });
      const orphans = Array.from({ length: 5 }, () => new Promise((resolve) => {
        const shell = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!'], { stdio: ['ignore', 'pipe', 'ignore'] });
        let text = '';
        shell.stdout.on('data', (more) => (text += more)).on('close', () => resolve(text.trim()));
      }));
      Promise.all(orphans).then((pids) => {
        // The pipe closed, so each has ended. A reaped process is in no process list.
        const look = () => {
          const left = states().filter((stat) => pids.includes(stat.split(' ')[0]));
          if (left.length > 0) return setTimeout(look, 20);
          console.log('reaped', pids.length);
        };
        look();
      });`);
    expect(await ended).toEqual({ code: 0, lines: ['reaped 5'] });
  });

  test.each([0, 1, 2, 70, 127])('ends with the agent’s exit code %i', async (code) => {
    expect(await startAsInit(`process.exit(${code})`).ended).toMatchObject({ code });
  });

  test('ends when the agent is killed from within, and its exit code says so', async () => {
    expect(await startAsInit(`process.kill(process.pid, 'SIGKILL'); for (;;);`).ended).toMatchObject({ code: 137 });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const)(
    'forwards %s, and ends when the agent does',
    async (signal) => {
      const { ended, signalInit } = startAsInit(`
        process.on('${signal}', () => { console.log('got ${signal}'); setTimeout(() => process.exit(3), 100); });
        setInterval(() => {}, 1000);
        console.log('ready', process.argv.slice(2).join('|'));`);
      await signalInit(signal);
      expect(await ended).toEqual({ code: 3, lines: ['ready start|two words', `got ${signal}`] });
    },
  );

  test('ends on SIGTERM even if the agent does not handle it yet', async () => {
    const { ended, signalInit } = startAsInit(`console.log('loading'); for (;;);`);
    await signalInit('SIGTERM');
    expect(await ended).toMatchObject({ code: 143 });
  });
});
