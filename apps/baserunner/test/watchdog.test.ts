import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastHangPath, readLastHang } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
}, 'hasty-cli.ts');

/** Who waits for it leaves the processor to others, and the event loop to nobody. */
const cell = `const cell = new Int32Array(new SharedArrayBuffer(4));`;

/** What strikes a running agent at SIGUSR2. */
const faults = {
  blockedEventLoop: `process.on('SIGUSR2', function holdForever() { for (;;) Atomics.wait(cell, 0, 0, 20); });`,
  endlessMicrotasks: `process.on('SIGUSR2', async () => { for (;;) await Atomics.wait(cell, 0, 0, 20); });`,
  lostTimers: `setInterval(() => undefined, 1000); process.on('SIGUSR2', () => { globalThis.setTimeout = () => undefined; });`,
  blockedOutsideOfJavaScript: `process.on('SIGUSR2', () => require('node:child_process').execSync('sleep 60'));`,
};

/** A running agent that has been told in advance how to fail. */
async function startWith(fault: string, more: Record<string, string> = {}): Promise<Program> {
  const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken(), ...more });
  const source = `import { createRequire } from 'node:module'; const require = createRequire('/'); ${cell} ${fault}`;
  const agent = rig.start(env, ['--import', `data:text/javascript,${encodeURIComponent(source)}`]);
  await rig.event('heartbeat-received');
  return agent;
}

async function struck(agent: Program) {
  agent.signal('SIGUSR2');
  return agent.exited;
}

describe.runIf(process.platform === 'linux')('the watchdog', { timeout: 180_000 }, () => {
  test('ends an agent with a blocked event loop with 70, and reports the source location', async () => {
    const agent = await startWith(faults.blockedEventLoop);
    expect(await struck(agent)).toEqual({ code: 70, signal: null });
    expect(agent.stderr).toMatch(/error The agent made no progress for 27\d s because its event loop is blocked/);
    expect(agent.stderr).toMatch(/stack=\[.*"at process\.holdForever/);
  });

  test('ends an agent with a wait that never returns, even if its event loop runs', async () => {
    const agent = await startWith(faults.lostTimers, { BASEOS_LOG_FORMAT: 'json' });
    expect(await struck(agent)).toEqual({ code: 70, signal: null });
    const line = agent.stderr.split('\n').find((text) => text.includes('made no progress')) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      message: expect.stringContaining('it waits for something that does not happen'),
    });
  });

  test('kills an agent that does not react even to an interrupt', async () => {
    const agent = await startWith(faults.blockedOutsideOfJavaScript);
    expect(await struck(agent)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(agent.stderr).toContain('its event loop is blocked');
  });

  test('ends an agent starved by microtasks, and keeps the cause for status and the next start’s log', async () => {
    const config = { statePath: rig.statePath };
    // A user who may write there could have replaced the report with links to another file.
    const treasure = join(rig.folder, 'treasure');
    await writeFile(treasure, 'precious');
    for (const path of [lastHangPath(config), `${lastHangPath(config)}.tmp`]) await symlink(treasure, path);
    const first = await startWith(faults.endlessMicrotasks);
    expect(await struck(first)).toEqual({ code: 70, signal: null });
    expect(await readFile(treasure, 'utf8')).toBe('precious');
    const env = rig.env();
    const { at, message } = (await readLastHang(config)) ?? {};
    expect(message).toContain('its event loop is blocked');
    expect((await rig.status(env)).notices).toContainEqual(
      expect.objectContaining({ code: 'agent-hung', message: expect.stringContaining(`${at}`) as string }),
    );
    const next = rig.start(env);
    await next.logged(/warn .*made no progress/);
    await rig.nextHeartbeat();
    expect(await next.end()).toEqual({ code: 0, signal: null });
    const kept = JSON.parse(await readFile(lastHangPath(config), 'utf8')) as object;
    expect(kept).toMatchObject({ format: 1, at });
  });

  test('spares an agent that was suspended for longer, which continues', async () => {
    const agent = await startWith('');
    agent.signal('SIGSTOP');
    // Longer than the time after which it considers an agent hung.
    await sleep(7000);
    agent.signal('SIGCONT');
    await rig.nextHeartbeat();
    await rig.nextHeartbeat();
    expect(await agent.end()).toEqual({ code: 0, signal: null });
    expect(agent.stderr).not.toContain('made no progress');
  });
});
