import { execFileSync } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

function tokenFile(): string {
  return join(rig.folder, 'join-token');
}

/** A node that enrolled with a token from a file. Its agent has ended, and the token was removed, as the README says. */
async function enrolAndTakeTokenAway(): Promise<{ nodeId: string; env: Record<string, string> }> {
  await writeFile(tokenFile(), `${await rig.createJoinToken()}\n`);
  const env = rig.env({ BASEOS_JOIN_TOKEN_FILE: tokenFile() });
  const agent = rig.start(env);
  const { nodeId } = await rig.event('node-registered');
  await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
  await agent.end();
  await rm(tokenFile());
  return { nodeId, env };
}

const useless = {
  BASEOS_JOIN_TOKEN: 'canary two',
  BASEOS_NODE_TOKEN_FILE: '/nowhere/node-token',
  BASEOS_NODE_ID: 'not an id',
  BASEOS_CLOUDLY_MOVED_FROM: 'nonsense',
  BASEOS_CA_FILE: '/nowhere/ca.pem',
  HTTPS_PROXY: 'socks5://proxy.example:1080',
  HTTP_PROXY: 'socks5://proxy.example:1080',
};

describe('an enrolled node', () => {
  test('starts and obeys every command after its join token was removed', async () => {
    const { nodeId, env } = await enrolAndTakeTokenAway();
    const agent = rig.start(env);
    expect(await rig.nextHeartbeat()).toMatchObject({ nodeId });
    expect(agent.stderr).not.toContain(tokenFile());
    const { notices } = await rig.statusThat(env, ({ cloudly }) => cloudly.state === 'registered');
    expect(notices.filter(({ message }) => message.includes('BASEOS_JOIN_TOKEN_FILE'))).toEqual([]);
    for (const command of [
      ['doctor'],
      ['identity', 'show'],
      ['check-supervisor'],
      ['request-update'],
      ['status', '--wire'],
    ]) {
      const { exitCode, stderr } = await rig.run(command, env);
      expect({ command, exitCode, stderr }).toMatchObject({ exitCode: 0 });
    }
    await agent.end();
    expect(await rig.run(['identity', 'reset'], env)).toMatchObject({ stdout: expect.stringContaining(nodeId) });
  });

  test('is not stopped by a setting that it does not need, and warns of each', async () => {
    const { nodeId } = await enrolAndTakeTokenAway();
    const env = rig.env(useless);
    const agent = rig.start(env);
    expect(await rig.nextHeartbeat()).toMatchObject({ nodeId });
    const { notices } = await rig.statusThat(env, ({ cloudly }) => cloudly.state === 'registered');
    const report = await rig.run(['doctor'], env);
    expect(report.exitCode).toBe(0);
    for (const variable of ['BASEOS_JOIN_TOKEN', 'BASEOS_NODE_ID', 'BASEOS_CLOUDLY_MOVED_FROM', 'BASEOS_CA_FILE']) {
      expect(agent.stderr).toMatch(new RegExp(`^\\S+ warn  ${variable} `, 'm'));
      expect(notices).toContainEqual(expect.objectContaining({ message: expect.stringContaining(variable) }));
      expect(report.stdout).toMatch(new RegExp(`^warn  configuration .*${variable}`, 'm'));
    }
    expect(agent.stderr + JSON.stringify(notices) + report.stdout).not.toMatch(/canary|socks5/);
  });

  test('is stopped by one that it needs, with every error', async () => {
    await enrolAndTakeTokenAway();
    const { exitCode, stderr } = await rig.run(['start'], rig.env({ ...useless, BASEOS_LOG_LEVEL: 'loud' }));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^baserunner: the configuration has mistakes:\n/);
    expect(stderr).toContain('BASEOS_LOG_LEVEL');
    expect(stderr).toContain('BASEOS_NODE_ID');
  });
});

describe.runIf(process.platform === 'linux')('a node whose identity cannot be read', () => {
  test('is stopped with 2 and a line per error once it becomes readable and proves to need the settings', async () => {
    execFileSync('mkfifo', [rig.statePath]);
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: 'canary two', BASEOS_CLOUDLY_MOVED_FROM: 'nonsense' }));
    await agent.logged(/ warn .*BASEOS_CLOUDLY_MOVED_FROM .*the stored identity cannot be read/);
    await rm(rig.statePath);
    expect(await agent.exited).toEqual({ code: 2, signal: null });
    expect(agent.stderr.match(/(?<= error )BASEOS_\w+ [^.]*/g)).toEqual([
      'BASEOS_JOIN_TOKEN contains a space, which a token cannot contain',
      'BASEOS_CLOUDLY_MOVED_FROM is "nonsense", which does not begin with https:// or http://',
    ]);
    expect(rig.eventsOf('node-registered')).toEqual([]);
  });
});

describe('a user who only looks', () => {
  test('sees the state of a node whose agent does not start, and why', async () => {
    const { nodeId } = await enrolAndTakeTokenAway();
    const env = rig.env({ BASEOS_LOG_LEVEL: 'loud', BASEOS_JOIN_TOKEN: 'canary two' });
    const status = await rig.run(['status'], env);
    expect(status.exitCode).toBe(2);
    expect(JSON.parse(status.stdout)).toMatchObject({
      cloudly: { nodeId, state: 'registered' },
      mistakes: [{ variable: 'BASEOS_LOG_LEVEL' }],
    });
    expect(status.stderr).toMatch(/^baserunner: the configuration has a mistake:\n {2}- BASEOS_LOG_LEVEL /);
    const shown = await rig.run(['identity', 'show'], env);
    expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(nodeId) });
    expect(shown.stderr).toContain('BASEOS_LOG_LEVEL');
    const { exitCode, stdout } = await rig.run(['doctor'], env);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}configuration .*BASEOS_LOG_LEVEL/m);
    expect(stdout).toMatch(new RegExp(`^pass {2}state file .*${nodeId}`, 'm'));
    expect(stdout).toMatch(/^pass {2}Cloudly/m);
  });
});

describe('a state path that carries more than the path', () => {
  test.each([
    ['a carriage return', (path: string) => `${path}\r`],
    ['quotes', (path: string) => `"${path}"`],
    ['the home of a shell', () => '~/state.json'],
  ])('such as %s creates no second node', async (_what, slip) => {
    await enrolAndTakeTokenAway();
    const before = await readdir(rig.folder, { recursive: true });
    const env = rig.env({ BASEOS_STATE_PATH: slip(rig.statePath), BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    for (const command of ['start', 'status']) {
      const { exitCode, stderr } = await rig.run([command], env);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /^ {2}- BASEOS_STATE_PATH is .*, which .*\. Set BASEOS_STATE_PATH to the absolute path of a file\.$/m,
      );
    }
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
    expect(await readdir(rig.folder, { recursive: true })).toEqual(before);
  });
});
