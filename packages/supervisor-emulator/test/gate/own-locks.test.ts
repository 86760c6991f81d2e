import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { GatedDevice } from './gated-device.js';

const isRoot = process.geteuid?.() === 0;
const both = ['resin-updates.lock', 'updates.lock'];
const open = { force: false, cancel: true };

describe("a service's folder", () => {
  test('is open for everybody from the first attempt on, up to the service that refuses it', async () => {
    using device = new GatedDevice();
    expect([device.modeOf('main'), device.modeOf('agent')]).toEqual(['755', '755']);
    device.closeGate('main');
    await device.offer();
    await device.pass(5300);
    expect([device.modeOf('main'), device.modeOf('agent')]).toEqual(['1777', '755']);
    device.openGate('main');
    await device.update(open);
    await device.pass(300);
    expect(device.modeOf('agent')).toBe('1777');
  });

  test.each([
    ['19.0.5', '1777'],
    ['14.13.14', '755'],
  ])('on %s has the mode %s after the first installation', async (supervisorVersion, mode) => {
    const apps = [{ appId: 1_234_567, commit: 'old', services: ['main', 'agent'], installed: false }];
    using device = new GatedDevice({ supervisorVersion, apps });
    expect(await device.told()).toMatchObject({ appState: 'applying', pending: false, release: undefined });
    await device.pass(20_000);
    expect(await device.told()).toMatchObject({ appState: 'applied', commit: 'old', release: 'old', pending: false });
    expect([device.modeOf('main'), device.modeOf('agent')]).toEqual([mode, mode]);
  });

  test('stays open after a call that a lock refused, and after a restart of the Supervisor', async () => {
    using device = new GatedDevice();
    device.closeGate();
    await device.caller.call('POST /v1/reboot', {});
    expect(device.modeOf('agent')).toBe('1777');
    device.caller.supervisor.restartSupervisor();
    await device.pass(5000);
    expect(device.modeOf('agent')).toBe('1777');
  });
});

describe("the Supervisor's locks", () => {
  test('are there before a container is killed, and go 1.1 s after the new ones run', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    device.openGate();
    await device.update(open);
    await device.pass(200);
    expect([device.files('main'), device.files('agent')]).toEqual([both, both]);
    expect(device.containers).toEqual(['agent Running old', 'main Running old']);
    await device.pass(3600);
    expect(device.containers).toEqual(['agent Running new', 'main Running new']);
    await device.pass(1000);
    expect(device.files('agent')).toEqual(both);
    expect(() => writeFileSync(device.lockOf(), '', { flag: 'wx' })).toThrow('EEXIST');
    await device.pass(100);
    expect([device.files('main'), device.files('agent')]).toEqual([[], []]);
    writeFileSync(device.lockOf(), 'mine', { flag: 'wx' });
    await device.pass(2000);
    expect(device.app.commit).toBe('new');
    expect(readFileSync(device.lockOf(), 'utf8')).toBe('mine');
  });

  test('last as long as another service takes to stop', async () => {
    const slow = { serviceName: 'main', stopDurationMs: 10_000 };
    using device = new GatedDevice({ apps: [{ appId: 1_234_567, commit: 'old', services: [slow, 'agent'] }] });
    await device.offer();
    await device.pass(9000);
    expect(device.containers).toEqual(['agent Running new', 'main Stopping old']);
    expect(device.files('agent')).toEqual(both);
    await device.pass(11_000);
    expect(device.files('agent')).toEqual([]);
    expect(device.app.commit).toBe('new');
  });

  test('are there only while it kills before 16.2.0', async () => {
    using device = new GatedDevice({ supervisorVersion: '14.13.14' });
    await device.offer();
    await device.pass(5600);
    expect(device.files('agent')).toEqual(both);
    await device.pass(2200);
    expect(device.stage).toBe('installing');
    expect(device.files('agent')).toEqual([]);
  });

  test('flash up before the service that refuses', async () => {
    using device = new GatedDevice();
    device.closeGate();
    await device.offer();
    await device.pass(5250);
    expect([device.files('main'), device.files('agent')]).toEqual([both, ['updates.lock']]);
    await device.pass(60);
    expect([device.files('main'), device.files('agent')]).toEqual([[], ['updates.lock']]);
  });

  test("go by their paths, so that a user's file that replaced one goes, too", async () => {
    using device = new GatedDevice();
    await device.offer();
    await device.pass(5600);
    rmSync(device.lockOf(), { force: true });
    writeFileSync(device.lockOf(), 'mine', { flag: 'wx' });
    await device.pass(10_000);
    expect(device.app.commit).toBe('new');
    expect(existsSync(device.lockOf())).toBe(false);
  });

  test.skipIf(!isRoot)('are of nobody; a file of nobody holds nothing, and goes with them', async () => {
    using device = new GatedDevice();
    writeFileSync(device.lockOf(), '');
    chownSync(device.lockOf(), 65_534, 65_534);
    await device.offer();
    await device.pass(5600);
    expect(lstatSync(device.lockOf('main')).uid).toBe(65_534);
    await device.pass(10_000);
    expect(device.app.commit).toBe('new');
    expect(device.files('agent')).toEqual([]);
  });

  test.skipIf(!isRoot)('replace a lock of any user and kind when forced', async () => {
    using device = new GatedDevice();
    mkdirSync(device.lockOf());
    chownSync(device.lockOf(), 1000, 1000);
    await device.offer();
    await device.pass(6000);
    expect(device.stage).toBe('blocked');
    await device.update({ force: true, cancel: true });
    await device.pass(300);
    expect(lstatSync(device.lockOf()).isFile()).toBe(true);
    expect(lstatSync(device.lockOf()).uid).toBe(65_534);
  });
});

describe('after a death of the Supervisor', () => {
  test('in its back-off nothing of it is left, and it tries again from 1 s', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    await device.pass(20_000);
    device.caller.supervisor.killSupervisor({ downMs: 2000 });
    expect([device.files('main'), device.files('agent')]).toEqual([[], ['updates.lock']]);
    await device.pass(2300);
    expect(device.stage).toBe('blocked');
    await device.pass(1050);
    expect(device.stage).toBe('downloaded');
  });

  test('with its locks they stay, and the next one finishes the release with them', async () => {
    using device = new GatedDevice();
    await device.offer();
    await device.pass(5700);
    device.caller.supervisor.killSupervisor({ downMs: Infinity });
    await device.pass(24 * 60 * 60_000);
    expect([device.files('main'), device.files('agent')]).toEqual([both, both]);
    expect(() => device.closeGate()).toThrow('EEXIST');
    await device.caller.supervisor.finishReboot();
    await device.pass(150);
    expect(device.files('agent')).toEqual(both);
    await device.pass(10_000);
    expect(device.app.commit).toBe('new');
    expect([device.files('main'), device.files('agent')]).toEqual([[], []]);
  });

  test('a lock that was taken over locks it out of its own half-done release', async () => {
    const slow = { serviceName: 'main', stopDurationMs: 10_000 };
    using device = new GatedDevice({ apps: [{ appId: 1_234_567, commit: 'old', services: [slow, 'agent'] }] });
    await device.offer();
    await device.pass(8500);
    device.caller.supervisor.killSupervisor({ downMs: 1000 });
    rmSync(device.lockOf(), { force: true });
    device.closeGate();
    await device.pass(1500);
    expect(await device.told()).toMatchObject({ failed: true, downloaded: false, release: 'old', target: 'new' });
    expect(device.containers).toEqual(['agent Running new', 'main Running old']);
    await device.pass(10_000);
    expect(device.containers).toEqual(['agent Running new', 'main exited old']);
    expect(readFileSync(device.lockOf(), 'utf8')).toBe('mine');
    device.openGate();
    await device.update(open);
    await device.pass(6000);
    expect(device.containers).toEqual(['agent Running new', 'main Running new']);
  });
});

describe('a reboot of the host with a staged release', () => {
  test('starts the containers in new folders before the Supervisor, which a lock taken by then holds', async () => {
    using device = new GatedDevice();
    const { supervisor } = device.caller;
    await device.stageRelease();
    const { bootId } = supervisor.state;
    supervisor.rebootHost({ containersAfterMs: 2000, supervisorAfterMs: 2500 });
    await device.pass(1999);
    expect(supervisor.state.bootId).toBe(bootId);
    expect(device.files('agent')).toEqual(['updates.lock']);
    await device.pass(1);
    expect(supervisor.state.bootId).not.toBe(bootId);
    expect(device.files('agent')).toEqual([]);
    expect(device.modeOf('agent')).toBe('755');
    expect(device.containers).toEqual(['agent Running old', 'main Running old']);
    await expect(device.caller.call('GET /ping')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    device.closeGate();
    await device.pass(1000);
    expect(device.stage).toBe('blocked');
    expect(await device.told()).toMatchObject({ failed: true, downloaded: false, updateStatus: 'downloaded' });
  });

  test('installs it if nothing holds it, without a request', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    device.caller.supervisor.rebootHost();
    await device.pass(3000);
    expect(device.stage).toBe('preparing');
    await device.pass(7000);
    expect(device.app.commit).toBe('new');
  });

  test('may leave the Supervisor away until it is started', async () => {
    using device = new GatedDevice();
    device.caller.supervisor.rebootHost({ supervisorAfterMs: Infinity });
    await device.pass(60_000);
    expect(device.caller.supervisor.state.outage).toBe('reboot');
    device.closeGate();
    await device.caller.supervisor.finishReboot();
    expect(device.app.locks).toEqual(['agent']);
  });
});
