import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { canReplaceNameServer, SilentNameServer, unlessNameServer } from './silent-name-server.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** Two seconds are promised; the rest is for a machine that is busy. The look-ups here hang for a minute. */
const endsWithinMs = 6000;

describe.runIf(canReplaceNameServer)(`a process held by an unanswered DNS lookup${unlessNameServer}`, () => {
  let nameServer: SilentNameServer;
  beforeAll(async () => {
    nameServer = await SilentNameServer.open();
  });
  afterAll(() => nameServer.close());

  const start = (argv: readonly string[], env: Record<string, string>) => {
    const [program, ...words] = nameServer.before([process.execPath, rig.cliPath, ...argv]);
    const child = spawn(program, words, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
    const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal, atMs: performance.now() }));
    return { child, written, exited };
  };

  const held = (changes: Record<string, string> = {}) =>
    rig.env({
      BASEOS_CLOUDLY_URL: 'https://cloudly.nowhere.example',
      BALENA_SUPERVISOR_ADDRESS: 'http://supervisor.nowhere.example',
      BASEOS_JOIN_TOKEN: 'join',
      ...changes,
    });
  /** Its lookups would occupy every thread that Cloudly's lookups need. */
  const noSupervisor = { BALENA_SUPERVISOR_ADDRESS: '', BALENA_SUPERVISOR_API_KEY: '' };

  test.each([
    ['cloudly', 'SIGTERM', 4],
    ['cloudly', 'SIGINT', 4],
    ['supervisor', 'SIGTERM', 4],
    // Nothing else gets a thread: not even the files that the agent writes when it starts and when it ends.
    ['supervisor', 'SIGTERM', 1],
    ['cloudly', 'SIGTERM', 1],
  ] as const)('an agent that looks up its %s ends on %s with 0 (threads: %i)', async (host, signal, threads) => {
    const asked = nameServer.asked(host);
    const changes = { ...(host === 'cloudly' && noSupervisor), UV_THREADPOOL_SIZE: String(threads) };
    const { child, exited } = start(['start'], held(changes));
    await asked;
    const signalledMs = performance.now();
    child.kill(signal);
    const { atMs, ...exit } = await exited;
    expect(exit).toEqual({ code: 0, signal: null });
    expect(atMs - signalledMs).toBeLessThan(endsWithinMs);
  });

  test.each(['status', 'doctor', 'check-supervisor', 'diagnose'])(
    '%s ends on SIGTERM like a program without a handler',
    async (command) => {
      const asked = nameServer.asked('supervisor');
      const { child, exited } = start([command], held());
      await asked;
      const signalledMs = performance.now();
      child.kill('SIGTERM');
      const { atMs, ...exit } = await exited;
      expect(exit).toEqual({ code: null, signal: 'SIGTERM' });
      expect(atMs - signalledMs).toBeLessThan(endsWithinMs);
    },
  );

  test.each([
    ['status', 0],
    ['check-supervisor', 1],
  ])('%s ends by itself once it has printed its result', async (command, code) => {
    const { child, written, exited } = start([command], held());
    await once(child.stdout, 'data');
    const printedMs = performance.now();
    const { atMs, ...exit } = await exited;
    expect(exit).toEqual({ code, signal: null });
    expect(JSON.parse(written.stdout)).toBeTypeOf('object');
    expect(atMs - printedMs).toBeLessThan(endsWithinMs);
  });
});

describe('an agent that is told to end', () => {
  test('ends with 0 on a SIGTERM that arrives before it has opened anything', async () => {
    // Loaded before the CLI, it sends the signal as soon as the CLI listens for it.
    const early = `process.on('newListener', (event) => event === 'SIGTERM' && process.kill(process.pid, 'SIGTERM'));`;
    const agent = rig.start(rig.env(), ['--import', `data:text/javascript,${encodeURIComponent(early)}`]);
    // The listener is added right after that event, in which the signal only becomes pending.
    expect(await agent.exited).toEqual({ code: 0, signal: null });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 however many %s it gets, and whenever', async (signal) => {
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await rig.event('heartbeat-received');
    const signalling = setInterval(() => agent.signal(signal), 5);
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    clearInterval(signalling);
    // What it stored is whole: the next one is the same node, without a join token.
    rig.start(rig.env());
    const heartbeats = [rig.eventsOf('heartbeat-received')[0], await rig.nextHeartbeat()];
    expect(new Set(heartbeats.map((heartbeat) => heartbeat?.nodeId)).size).toBe(1);
  });
});
