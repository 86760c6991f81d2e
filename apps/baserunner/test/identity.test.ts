import { readdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** A device that was enrolled, whose agent has ended. */
async function enrol() {
  const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
  const { nodeId, nodeTokenId } = await rig.event('node-registered');
  await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
  return { nodeId, nodeTokenId, agent };
}

async function identity(...words: string[]) {
  return rig.run(['identity', ...words], rig.env());
}

describe('baserunner identity show', () => {
  test('says which node it is, even beside the agent, and shows no secret', async () => {
    const { nodeId, nodeTokenId } = await enrol();
    const { exitCode, stdout, stderr } = await identity('show');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Node ID +${nodeId}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^Cloudly +${rig.cloudlyUrl} \\(.+\\)$`, 'm'));
    expect(stdout).toMatch(/^Enrolled +\d{4}-\d\d-\d\dT.*Z$/m);
    expect(stdout).toMatch(new RegExp(`^Node token +bnt_${nodeTokenId}$`, 'm'));
    expect(stdout).toMatch(/^Approval code +[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$/m);
    expect(stdout).toContain(rig.statePath);
    expect(stdout).not.toMatch(/bnt_\w+_/);
  });

  test('prints the same as JSON', async () => {
    const { nodeId, nodeTokenId } = await enrol();
    const { exitCode, stdout } = await identity('show', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'state-file',
      nodeId,
      format: 1,
      enrolment: { origin: rig.cloudlyUrl, nodeToken: `bnt_${nodeTokenId}` },
    });
  });

  test('ends with 1 if there is no identity, and writes nothing', async () => {
    await rm(rig.stateDirectory, { recursive: true });
    const { exitCode, stdout } = await identity('show');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Node ID +none stored$/m);
    expect(await readdir(rig.folder)).not.toContain('state');
  });
});

describe('baserunner identity reset', () => {
  test('without --yes says what it would do, changes nothing, and ends with 2', async () => {
    const { nodeId, agent } = await enrol();
    await agent.end();
    const before = await readdir(rig.stateDirectory);
    const { exitCode, stdout, stderr } = await identity('reset');
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`would forget node ${nodeId}`);
    expect(stdout).toContain(`${rig.statePath} is kept as ${rig.statePath}.reset-1`);
    expect(stderr).toContain('--yes');
    expect(await readdir(rig.stateDirectory)).toEqual(before);
  });

  test('is refused while the agent runs, and the agent continues', async () => {
    const { agent } = await enrol();
    const { exitCode, stderr } = await identity('reset', '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/An agent runs on .*Stop the agent first/);
    await rig.nextHeartbeat();
    expect(await agent.end()).toEqual({ code: 0, signal: null });
  });

  test('makes the next start a new node, and says what follows and what is set aside', async () => {
    const { nodeId, agent } = await enrol();
    await agent.end();
    const { exitCode, stdout } = await identity('reset', '--yes');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`has forgotten node ${nodeId}`);
    expect(stdout).toContain(`Secrets of a node remain in ${rig.statePath}.reset-1.`);
    expect(stdout).toContain('BASEOS_JOIN_TOKEN');
    rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    const next = await rig.event('node-registered', (event) => event.nodeId !== nodeId);
    expect(next.created).toBe(true);
  });

  test('prints the plan, the refusal beside an agent and the result as JSON', async () => {
    const { nodeId, agent } = await enrol();
    const refused = await identity('reset', '--yes', '--json');
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ reset: false, nodeId, problem: { code: 'agent-running' } });
    await agent.end();
    const steps = [
      { kind: 'remove', path: `${rig.statePath}.last-good` },
      { kind: 'move', path: rig.statePath, to: `${rig.statePath}.reset-1` },
    ];
    const planned = await identity('reset', '--json');
    expect(planned.exitCode).toBe(2);
    expect(JSON.parse(planned.stdout)).toMatchObject({ reset: false, steps, problem: { code: 'not-confirmed' } });
    const done = await identity('reset', '--yes', '--json');
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    const report = JSON.parse(done.stdout) as { notices: { code: string }[] };
    expect(report).toMatchObject({ reset: true, nodeId, steps, leftovers: [`${rig.statePath}.reset-1`] });
    expect(report.notices.map(({ code }) => code)).toEqual([
      'secrets-remain',
      'new-node',
      'join-token-needed',
      'old-node-known',
    ]);
    expect(JSON.parse((await identity('reset', '--json')).stdout)).toMatchObject({
      reset: false,
      steps: [],
      notices: [{ code: 'nothing-to-reset' }, { code: 'secrets-remain' }],
    });
  });

  test('with --erase leaves no file of any identity, even after a reset that kept some', async () => {
    const { agent } = await enrol();
    await agent.end();
    expect((await identity('reset', '--yes')).exitCode).toBe(0);
    await writeFile(`${rig.statePath}.damaged-1`, 'torn');
    const { exitCode, stdout } = await identity('reset', '--erase', '--yes');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('Secrets');
    expect(await readdir(rig.stateDirectory)).toEqual([]);
    expect(await identity('reset', '--yes')).toMatchObject({
      exitCode: 0,
      stdout: 'No identity is stored: there is nothing to reset.\n',
    });
  });
});
