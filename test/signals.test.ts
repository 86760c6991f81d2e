import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Programs, startAgent } from './odd-requests/listeners.js';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { startLimited } from './odd-requests/start-limited.js';
import type { Program } from '@serve.zone/baseos-testing/processes/program';

const programs = new Programs();
beforeAll(() => programs.build());
afterAll(() => programs.remove());

/** Every inspector uses its own port. */
const env = { NODE_OPTIONS: '--inspect-port=0' };

interface Kind {
  name: string;
  start(): Promise<Program>;
  isReady: RegExp;
}

const kinds: readonly Kind[] = [
  {
    name: 'the agent',
    start: async () => startAgent(programs, { ...env, BASEOS_METRICS_LISTEN: `127.0.0.1:${await freePort()}` }),
    isReady: /Metrics are served/,
  },
  {
    name: 'a stand-alone Cloudly',
    start: async () => {
      const data = join(programs.newFolder(), 'fleet.sqlite');
      return startLimited([programs.path('cloudly'), 'serve', '--port=0', `--data=${data}`], env);
    },
    isReady: /Cloudly listens/,
  },
  {
    name: 'the emulated Supervisor',
    start: async () => startLimited([programs.path('emulator'), '--port=0'], env),
    isReady: /answers at/,
  },
];

describe.runIf(process.platform === 'linux').each(kinds)('$name', (kind) => {
  test.each(['SIGUSR1', 'SIGUSR2', 'SIGPIPE', 'SIGWINCH', 'SIGCONT'] as const)('continues after %s', async (signal) => {
    const program = await started(kind);
    await program.says(kind.isReady);
    process.kill(program.pid, signal);
    process.kill(program.pid, signal);
    expect(await endOf(program)).toMatchObject({ code: 0, output: expect.not.stringContaining('Debugger') });
  });

  test('opens no inspector, whenever SIGUSR1 arrives during its start', async () => {
    const program = await started(kind);
    await until(() => catches(program.pid, SIGUSR1));
    const signalling = setInterval(() => process.kill(program.pid, 'SIGUSR1'), 5);
    try {
      await program.says(kind.isReady);
    } finally {
      clearInterval(signalling);
    }
    const opened = Array.from(program.output.matchAll(/ws:\/\/127\.0\.0\.1:(\d+)/g), ([, port]) => Number(port));
    for (const port of opened) await until(async () => !(await isListenedAt(port)));
    expect(await endOf(program)).toMatchObject({ code: 0 });
  });
});

async function started(kind: Kind): Promise<Program> {
  const program = await kind.start();
  onTestFinished(async () => void (await program.end('SIGKILL')));
  return program;
}

async function endOf(program: Program): Promise<{ code: number | null; output: string }> {
  const { code } = await program.end();
  return { code, output: program.output };
}

/** The bit of a mask in /proc. */
const SIGUSR1 = 1n << 9n;

/** Whether it has a handler. Before that, the signal would end it, as it ends any program at its start. */
function catches(pid: number, signalBit: bigint): boolean {
  const [, mask = '0'] = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${mask}`) & signalBit) !== 0n;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => void setTimeout(resolve, 2));
}

async function isListenedAt(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isAccepted = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isAccepted;
}
