// What whoever installs the Supervisor's client may count on, on whatever runtime runs this file: each against a Supervisor
// of its own over real sockets. `start` makes one; its `control` does what cloud, user and hardware do to a real one.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SupervisorClient, isSupervisorError, waitForUpdate } from '@serve.zone/balena-supervisor-client';
import { journalLogs, localLogs } from '@serve.zone/balena-supervisor-client/logs';
import { acquireLock, isUpdateLockError, withLock } from '@serve.zone/balena-supervisor-client/update-lock';

const twoServices = { apps: [{ appId: 7, appName: 'shop', services: ['main', 'frontend'] }] };
/** Retries that do not make a test wait. */
export const brisk = { firstDelayMs: 20, maxDelayMs: 200, maxAttempts: 50 };
/** For an emulated Supervisor whose clock runs twenty times as fast. */
const quick = { intervalMs: 20, patienceMs: 400 };

const probe = { imageId: 1, serviceName: 'probe', serviceId: 1, image: 'probe:latest', environment: {}, labels: {} };
const bench = { name: 'bench', commit: 'local', releaseId: '1', services: { 1: probe }, volumes: {}, networks: {} };
const probeTarget = { name: 'bench', config: { SUPERVISOR_LOCAL_MODE: '1' }, apps: { 9: bench } };

/** The SupervisorError that a call rejects with; anything else fails the behaviour. */
async function refusalOf(call, apiKey) {
  const error = await call.then(
    (result) => assert.fail(`It resolved with ${JSON.stringify(result)}.`),
    (reason) => reason,
  );
  assert.ok(isSupervisorError(error), `It rejected with ${error}.`);
  assert.ok(!`${error.message} ${error.stack} ${JSON.stringify(error)}`.includes(apiKey), 'The error shows the key.');
  return error;
}

export const behaviours = {
  async 'reads the device, its services and its versions'({ start }) {
    const { client } = await start(twoServices);
    const [device, state, apps, version] = await Promise.all([
      client.device(),
      client.stateStatus(),
      client.apps.list(),
      client.version(),
    ]);
    assert.equal(version, '19.0.5');
    assert.equal(device.supervisorVersion, '19.0.5');
    assert.equal(device.status, 'Idle');
    assert.equal(state.appState, 'applied');
    assert.deepEqual(state.containers.map(({ serviceName }) => serviceName).toSorted(), ['frontend', 'main']);
    assert.equal(apps[0]?.name, 'shop');
    assert.deepEqual(
      apps[0]?.services.map(({ name, status }) => `${name} ${status}`),
      ['main Running', 'frontend Running'],
    );
  },

  async 'is made of the environment alone'({ start }) {
    const { address, apiKey } = await start(twoServices);
    const client = SupervisorClient.fromEnv({
      BALENA_SUPERVISOR_ADDRESS: address,
      BALENA_SUPERVISOR_API_KEY: apiKey,
      BALENA_APP_ID: '7',
    });
    assert.equal((await client.app().state()).images.length, 2);
    const old = SupervisorClient.fromEnv({ RESIN_SUPERVISOR_ADDRESS: address, RESIN_SUPERVISOR_API_KEY: apiKey });
    await old.device();
    assert.throws(
      () => SupervisorClient.fromEnv({}),
      (error) => isSupervisorError(error) && error.code === 'not-configured',
    );
  },

  async 'tells a key that is wrong from one that does not reach so far'({ start }) {
    const { client, address } = await start({
      apps: [
        { appId: 7, appName: 'shop' },
        { appId: 8, appName: 'other' },
      ],
    });
    const stranger = new SupervisorClient({ address, apiKey: 'f'.repeat(32), retry: false });
    assert.equal((await refusalOf(stranger.device(), 'f'.repeat(32))).code, 'unauthorized');
    assert.equal((await refusalOf(client.app(8).restart(), 'never shown')).code, 'out-of-scope');
    assert.deepEqual(
      (await client.apps.list()).map(({ appId }) => appId),
      [7],
    );
  },

  async 'restarts one service and leaves the other'({ start }) {
    const { client } = await start(twoServices);
    const before = await client.containers();
    await client.app(7).service('frontend').restart();
    const after = await client.containers();
    const idOf = (containers, name) => containers.find(({ serviceName }) => serviceName === name)?.containerId;
    assert.equal(idOf(after, 'main'), idOf(before, 'main'));
    assert.notEqual(idOf(after, 'frontend'), idOf(before, 'frontend'));
  },

  async 'stops a service, and starts it in the same container'({ start }) {
    const { client } = await start(twoServices);
    const service = client.app(7).service('main');
    const containerId = await client.containerId('main');
    await service.stop();
    const statusOf = async () =>
      (await client.stateStatus()).containers.find(({ serviceName }) => serviceName === 'main')?.status;
    assert.equal(await statusOf(), 'exited');
    await service.start();
    assert.equal(await statusOf(), 'Running');
    assert.equal(await client.containerId('main'), containerId);
  },

  async 'has two restarts at once carried out one after the other'({ start }) {
    const { client } = await start();
    const containerId = await client.containerId('main');
    await Promise.all([client.app(1234567).restart(), client.app(1234567).purge()]);
    assert.notEqual(await client.containerId('main'), containerId);
  },

  async 'says who holds the lock, and overrides a service’s own'({ start }) {
    const { client, control, apiKey } = await start();
    await control('lock');
    const refused = await refusalOf(client.reboot(), apiKey);
    assert.deepEqual([refused.code, refused.lock], ['locked', 'user-lock']);
    await client.app(1234567).restart({ force: true });

    await control('setHostUpdate', true);
    assert.equal((await refusalOf(client.shutdown(), apiKey)).lock, 'host-update');
    await control('setHostUpdate', false);

    await control('holdLocks');
    assert.equal((await refusalOf(client.app(1234567).service('main').stop(), apiKey)).lock, 'supervisor-busy');
  },

  async 'waits for an update to its end, and tells how it goes'({ start }) {
    const { client, control } = await start();
    await control('releaseAvailable', { commit: 'newer' });
    await client.update();
    const seen = [];
    const outcome = await waitForUpdate(client, {
      ...quick,
      commit: 'newer',
      onProgress: (progress) => seen.push(progress),
    });
    assert.equal(outcome.outcome, 'done');
    assert.equal(outcome.commit, 'newer');
    assert.ok(seen.length > 1, 'It told of no progress.');
  },

  async 'waits no longer for an update that a lock holds up'({ start }) {
    const { client, control } = await start();
    await control('releaseAvailable', { commit: 'newer' });
    await control('lock');
    await client.update();
    assert.equal((await waitForUpdate(client, quick)).outcome, 'locked');
  },

  async 'waits no longer for a release that cannot be had'({ start }) {
    const { client, control } = await start();
    await control('releaseAvailable', { commit: 'broken', pullable: false });
    await client.update();
    assert.equal((await waitForUpdate(client, quick)).outcome, 'failed');
  },

  async 'waits out a Supervisor that restarts in the middle of an update'({ start }) {
    const { client, control } = await start();
    await control('releaseAvailable', { commit: 'newer' });
    await client.update();
    await control('restartSupervisor');
    assert.equal((await waitForUpdate(client, { ...quick, commit: 'newer' })).outcome, 'done');
  },

  async 'reads again what a reboot cut off'({ start }) {
    const { client, address, apiKey } = await start();
    const once = new SupervisorClient({ address, apiKey, retry: false });
    await client.reboot();
    const lost = await refusalOf(once.device(), apiKey);
    assert.deepEqual([lost.code, lost.retryable], ['unreachable', true]);
    assert.equal((await client.device()).supervisorVersion, '19.0.5');
  },

  async 'sends a change once the Supervisor is back that could not be sent before'({ start }) {
    const { client, control } = await start();
    const containerId = await client.containerId('main');
    await control('restartSupervisor');
    await client.app(1234567).service('main').restart();
    assert.notEqual(await client.containerId('main'), containerId);
    assert.equal(await control.requestsOf('POST'), 1);
  },

  async 'sends nothing twice that may have been carried out'({ start }) {
    const { client, control, apiKey } = await start();
    await control('setFault', 'restart-in-request', { requests: 1 });
    const lost = await refusalOf(client.app(1234567).restart(), apiKey);
    assert.deepEqual([lost.code, lost.retryable], ['unreachable', false]);
    await client.device();
    assert.equal(await control.requestsOf('POST'), 1);
  },

  async 'reads again after a reset and after a 502'({ start }) {
    const { client, control } = await start();
    await control('setFault', 'reset', { requests: 2 });
    await client.device();
    await control('setFault', 'bad-gateway', { requests: 2 });
    await client.version();
  },

  async 'ends a call on time that is never answered, and one whose answer drips'({ start }) {
    const { client, control, apiKey } = await start();
    for (const fault of ['hang', 'slow-body']) {
      await control('setFault', fault);
      assert.equal((await refusalOf(client.device({ timeoutMs: 250 }), apiKey)).code, 'timeout');
    }
  },

  async 'ends a call at once when its signal aborts, with the reason of that'({ start }) {
    const { client, control } = await start();
    await control('setFault', 'hang');
    const controller = new AbortController();
    const call = client.device({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(call, /^Error: enough$/);
  },

  async 'takes nothing that answers in the place of a Supervisor for one'({ start }) {
    const { client, control, apiKey } = await start();
    await control('setFault', 'html');
    assert.equal((await refusalOf(client.device(), apiKey)).code, 'unexpected-response');
  },

  async 'tells what an older Supervisor cannot do'({ start }) {
    const { client, apiKey } = await start({ supervisorVersion: '12.11.0' });
    const refused = await refusalOf(client.tags.set({ room: 'b12' }), apiKey);
    assert.equal(refused.code, 'not-supported');
    assert.match(refused.message, /17\.8/);
    assert.equal((await client.capabilities()).setTags, false);
  },

  async 'lives with an engine that is stopped, and with one that hangs'({ start }) {
    const { address, control, apiKey } = await start();
    const client = new SupervisorClient({ address, apiKey, retry: false });
    await control('setEngine', 'hung');
    await client.ping();
    assert.equal((await refusalOf(client.stateStatus({ timeoutMs: 250 }), apiKey)).code, 'timeout');
    await control('setEngine', 'stopped');
    assert.equal((await refusalOf(client.stateStatus(), apiKey)).code, 'unreachable');
  },

  async 'changes the host’s name and proxy, and the device’s tags'({ start }) {
    const { client } = await start();
    const proxy = { type: 'socks5', ip: '192.0.2.7', port: 1080, noProxy: ['192.0.2.0/24'] };
    await client.hostConfig.change({ hostname: 'kiosk', proxy });
    const { hostname, proxy: kept } = await client.hostConfig.read();
    assert.equal(hostname, 'kiosk');
    assert.deepEqual({ ...kept, noProxy: kept?.noProxy }, proxy);
    await client.tags.set({ room: 'b12' });
    assert.ok((await client.tags.list()).some(({ name, value }) => name === 'room' && value === 'b12'));
  },

  async 'goes on with the new key after it replaced its own'({ start }) {
    const { client, address, apiKey } = await start();
    const fresh = await client.regenerateApiKey();
    assert.notEqual(fresh, apiKey);
    await client.device();
    const former = new SupervisorClient({ address, apiKey, retry: false });
    assert.equal((await refusalOf(former.device(), apiKey)).code, 'unauthorized');
  },

  async 'runs what a local target state asks for, without a key'({ start }) {
    const { address } = await start({ localMode: true });
    const client = new SupervisorClient({ address, withoutKey: true, retry: brisk });
    await client.local.setTargetState(probeTarget);
    for (let found = []; !found.some(({ status }) => status === 'Running');) {
      found = (await client.stateStatus()).containers;
    }
    assert.equal((await client.containers())[0]?.serviceName, 'probe');
  },

  async 'reads the journal’s last entries, as text and as entries'({ start }) {
    const { client, control } = await start();
    await control('log', { message: 'grüße' });
    const lines = await Array.fromAsync(journalLogs(client, { count: 1 }));
    assert.equal(lines.length, 1);
    assert.match(lines[0], /grüße/);
    const [entry] = await Array.fromAsync(journalLogs(client, { format: 'json', count: 1 }));
    assert.equal(entry.message, 'grüße');
    assert.equal(typeof entry.timestampMs, 'number');
  },

  async 'follows the journal through a restart of the Supervisor, and doubles nothing'({ start }) {
    const { client, control } = await start();
    const told = [];
    const reconnect = { firstWaitMs: 20, longestWaitMs: 200, onReconnect: () => told.push('reconnected') };
    await control('log', { message: 'one' });
    for await (const { message } of journalLogs(client, { format: 'json', follow: true, count: 1, reconnect })) {
      if (!['one', 'two', 'three'].includes(message)) continue;
      told.push(message);
      if (message === 'three') break;
      if (message === 'one') await control('log', { message: 'two' });
      if (message === 'two') {
        await control('restartSupervisor');
        await control('log', { message: 'three' });
      }
    }
    assert.deepEqual(told, ['one', 'two', 'reconnected', 'three']);
  },

  async 'closes the connection of a log that is no longer read'({ start }) {
    const { client, control } = await start();
    await control('log', { message: 'one' });
    for await (const line of journalLogs(client, { follow: true, count: 1 })) {
      assert.match(line, /one/);
      break;
    }
    await control.untilUnconnected();
  },

  async 'says that a log broke off, where it is not to go on'({ start }) {
    const { client, control, apiKey } = await start();
    await control('log', { message: 'one' });
    await control('setFault', 'torn-stream');
    const reading = Array.fromAsync(journalLogs(client, { follow: true, count: 1 }));
    assert.equal((await refusalOf(reading, apiKey)).code, 'unreachable');
  },

  async 'reads the log of local mode while a service starts'({ start }) {
    const { address, control } = await start({ localMode: true });
    const client = new SupervisorClient({ address, withoutKey: true, retry: false });
    const logs = localLogs(client);
    const first = logs.next();
    await control.untilRequested('/v2/local/logs');
    await client.local.setTargetState(probeTarget);
    const { value } = await first;
    assert.equal(value?.isSystem, true);
    assert.equal(typeof value?.timestampMs, 'number');
    await logs.return();
  },

  async 'keeps updates away while it holds the update lock'() {
    const folder = await mkdtemp(join(tmpdir(), 'update-lock-'));
    const path = join(folder, 'updates.lock');
    try {
      await withLock(async () => assert.ok((await readdir(folder)).includes('updates.lock')), { path });
      assert.deepEqual(await readdir(folder), []);
      const lock = await acquireLock({ path });
      await rm(path);
      assert.equal(await lock.isHeld(), false);
      await lock.release();
      await assert.rejects(
        acquireLock({ path: join(folder, 'missing', 'updates.lock') }),
        (error) => isUpdateLockError(error) && error.code === 'no-folder',
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
