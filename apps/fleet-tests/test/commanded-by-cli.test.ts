import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { expect, onTestFinished, test } from 'vitest';
import { appId } from '../src/command-kills/command-cases.js';
import { CommandedDevice } from '../src/command-kills/commanded-device.js';
import { CloudlyServer } from '../src/processes/cloudly-server.js';
import { buildBaseRunner, buildCloudly } from './build-clis.js';

const TIMEOUT_MS = 180_000;

test(
  'an operator commands a device by the command line, and sees each command to its end',
  async () => {
    const [baserunner, cloudly] = await Promise.all([buildBaseRunner(), buildCloudly()]);
    const folder = await mkdtemp(join(tmpdir(), 'commanded-by-cli-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    const storage = ['--data', join(folder, 'fleet.sqlite')];
    const server = await CloudlyServer.start({ cliPath: cloudly.path, storage });
    onTestFinished(async () => void (await server.stop()));
    const cli = async (...argv: string[]) => {
      const program = new Program([cloudly.path, ...argv, ...storage]);
      const { code } = await program.exited;
      return { code, stdout: program.stdout, stderr: program.stderr, end: program.stderr.trim().split('\n').at(-1) };
    };
    const { joinToken } = JSON.parse((await cli('join-token', 'create', '--json')).stdout) as { joinToken: string };

    const serviceName = 'baserunner';
    const supervisor = createSupervisor({
      apps: [{ appId, commit: 'old', services: ['main', serviceName] }],
      relay: false,
    });
    const { address, close } = await supervisor.listen();
    onTestFinished(close);
    const device = await CommandedDevice.create({
      cliPath: baserunner.path,
      cloudlyUrl: server.url,
      supervisorUrl: address,
      apiKey: supervisor.apiKeyOf({ appId, serviceName }),
      appId,
      serviceName,
      joinToken,
      env: { BASEOS_COMMANDS: 'update,restart-app,restart-service,start-service,stop-service,blink,preview' },
    });
    onTestFinished(async () => device.remove());
    device.start();
    const nodeId = await device.enrolled();
    const order = async (...argv: string[]) => cli('node', 'command', nodeId, ...argv, '--wait');
    const succeeded = { code: 0, end: expect.stringMatching(/^succeeded/) };

    expect(await Promise.all([order('blink'), order('restart-service', '--service', 'main')])).toMatchObject([
      succeeded,
      succeeded,
    ]);
    expect(await order('stop-service', '--service', 'main')).toMatchObject({ ...succeeded, stdout: 'changed: true\n' });
    expect(await order('start-service', '--service', 'main')).toMatchObject({
      ...succeeded,
      stdout: 'changed: true\n',
    });
    expect(await order('restart-app')).toMatchObject(succeeded);
    const [preview, refused, forced] = await Promise.all([
      order('update', '--preview'),
      order('reboot'),
      order('restart-app', '--force'),
    ]);
    expect(preview).toMatchObject({ ...succeeded, stdout: expect.stringContaining('accepted: true\n') });
    expect(refused).toMatchObject({ code: 1, end: expect.stringMatching(/^refused \(not-accepted: /) });
    expect(refused.stderr).toContain('does not accept this kind of command');
    expect(forced).toMatchObject({ code: 1, end: expect.stringMatching(/^refused \(not-accepted: /) });
    expect(forced.stderr).toContain('does not accept force');

    supervisor.releaseAvailable({ commit: 'new', downloadDurationMs: 300 });
    const queued = await cli('node', 'command', nodeId, 'update', '--soak', '3s');
    const updated = await cli('node', 'commands', nodeId, queued.stdout.trim(), '--wait');
    expect(updated).toMatchObject({ ...succeeded, stdout: expect.stringContaining('commit: new\n') });
    expect(updated.stderr).toMatch(/^running: verifying/m);
    expect(supervisor.state.apps[0]?.commit).toBe('new');

    const rows = (await cli('node', 'commands', nodeId)).stdout.trim().split('\n').slice(1);
    expect(rows.map((row) => /(?:succeeded|refused)/.exec(row)?.[0])).toEqual([
      'succeeded',
      ...['succeeded', 'refused', 'refused'].map(() => expect.stringMatching(/^(?:succeeded|refused)$/)),
      ...['restart-app', 'start-service', 'stop-service', 'restart-service', 'blink'].map(() => 'succeeded'),
    ]);
  },
  TIMEOUT_MS,
);
