import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { describe, expect, test } from 'vitest';
import { capabilitiesOf } from './capabilities.js';
import { journalLogs } from '../logs/index.js';
import { SupervisorClient } from './supervisor-client.js';
import { isSupervisorError } from '../errors/supervisor-error.js';
import { waitForUpdate } from '../wait-for-update/wait-for-update.js';

/** On either side of each version at which Supervisors began to answer otherwise. */
const versions = `
  6.6.11 7.0.0 7.11.3 7.12.0 7.19.0 7.20.0 7.21.5 7.22.0 8.2.4 8.3.0 8.7.1 9.0.0 9.2.8 9.2.9 9.6.6 9.7.0 9.18.6
  10.0.1 10.2.0 10.2.7 10.3.0 10.3.7 10.3.8 10.10.10 10.10.14 10.10.15 10.11.1 11.2.0 11.3.0 11.4.11 11.4.12
  11.11.5 11.14.0 11.14.1 11.14.3 11.14.4 12.2.0 12.2.1 12.2.10 12.2.11 12.3.7 12.4.0 12.8.9 12.8.10 12.11.33
  12.11.34 13.0.3 13.1.0 14.0.0 14.0.1 14.0.9 14.4.10 14.5.0 14.11.6 14.11.7 16.2.0 16.3.17 16.4.0 16.7.7 16.7.8
  17.1.5 17.1.6 17.4.6 17.5.0 17.6.32 17.7.0 18.0.0 18.2.2 19.0.0 19.0.5
`
  .trim()
  .split(/\s+/);

const appId = 1203;

/** An emulated device with one app of one service, and a client of it, in a time that passes while one waits. */
function start(supervisorVersion: string) {
  let nowMs = Date.UTC(2026, 10, 23);
  const clock = { now: () => nowMs, sleep: async (ms: number) => void (nowMs += ms) };
  const device = createSupervisor({
    supervisorVersion,
    clock: { now: clock.now },
    downloadDurationMs: 20_000,
    apps: [{ appId, commit: 'old', services: ['camera'] }],
  });
  const clientOf = (apiKey: string) =>
    new SupervisorClient({
      address: 'http://supervisor',
      apiKey,
      retry: false,
      fetch: async (url, init) => device.fetch(new Request(url, init)),
    });
  return { device, clock, client: clientOf(device.apiKey), global: clientOf(device.globalApiKey), clientOf };
}

/** For an answer that never comes. */
const shortly = { timeoutMs: 20 };

/** How a call ended, in one word. */
async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return (await call) ?? 'done';
  } catch (error) {
    if (isSupervisorError(error)) return error.lock ?? error.code;
    throw error;
  }
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number);
}

function isFrom(version: string, first: string): boolean {
  const [one, other] = [numbersOf(version), numbersOf(first)];
  const place = one.findIndex((number, index) => number !== other[index]);
  return place === -1 || (one[place] ?? 0) > (other[place] ?? 0);
}

function isWithin(version: string, first: string, next: string): boolean {
  return isFrom(version, first) && !isFrom(version, next);
}

const ofWaits = versions.filter((version) => capabilitiesOf(version).stateStatus);
const ofSeveralServices = versions.filter((version) => isFrom(version, '7.0.0'));

test.each(versions)('%s serves the device with the right key, and with no other', async (version) => {
  const { client, clientOf } = start(version);
  await expect(client.device()).resolves.toMatchObject({
    supervisorVersion: version,
    commit: 'old',
    updatePending: false,
  });
  expect(await outcomeOf(clientOf('wrong').device())).toBe('unauthorized');
});

describe('an update lock', () => {
  test.each(ofSeveralServices)('of %s blocks an app', async (version) => {
    const { device, client } = start(version);
    device.lock();
    const app = client.app(appId);
    expect([await outcomeOf(app.restart()), await outcomeOf(app.purge())]).toEqual(['user-lock', 'user-lock']);
    expect(await outcomeOf(app.restart({ force: true }))).toBe('done');
  });

  test.each(ofSeveralServices)('of %s blocks a service, or its answer', async (version) => {
    const { device, client } = start(version);
    const selector = capabilitiesOf(version).serviceByName
      ? 'camera'
      : { imageId: device.state.apps[0]?.images[0]?.imageId ?? Number.NaN };
    device.lock();
    const service = client.app(appId).service(selector);
    const isSilent = isWithin(version, '7.12.0', '12.2.11');
    const expected = isSilent ? 'timeout' : 'user-lock';
    const options = isSilent ? shortly : {};
    expect([await outcomeOf(service.restart(options)), await outcomeOf(service.stop(options))]).toEqual([
      expected,
      expected,
    ]);
  });

  test.each(versions)('of %s blocks the only container of an app', async (version) => {
    const { device, client } = start(version);
    device.lock();
    const single = client.singleContainerApp(appId);
    const isDefect = isWithin(version, '10.10.11', '11.11.5');
    expect(await outcomeOf(single.restart())).toBe('user-lock');
    expect(await outcomeOf(single.stop())).toBe(isDefect ? 'supervisor-error' : 'user-lock');
  });

  test.each(versions)('of %s blocks a reboot', async (version) => {
    const { device, client } = start(version);
    device.lock();
    expect([await outcomeOf(client.reboot()), await outcomeOf(client.shutdown())]).toEqual(['user-lock', 'user-lock']);
  });
});

test.each(ofSeveralServices)('%s does not have the named app', async (version) => {
  const { global } = start(version);
  const app = global.app(7);
  const single = global.singleContainerApp(7);
  expect({
    restart: await outcomeOf(app.restart()),
    purge: await outcomeOf(app.purge()),
    service: await outcomeOf(app.service(isFrom(version, '8.3.0') ? 'camera' : { imageId: 1 }).restart()),
    state: await outcomeOf(app.state()),
    restartSingle: await outcomeOf(single.restart()),
    purgeSingle: await outcomeOf(single.purge()),
    stopSingle: await outcomeOf(single.stop()),
    readSingle: await outcomeOf(single.read()),
  }).toEqual({
    restart: 'not-found',
    purge: 'not-found',
    service: 'not-found',
    state: isFrom(version, '7.12.0') ? 'not-found' : 'not-supported',
    restartSingle: 'not-found',
    purgeSingle: 'not-found',
    stopSingle: 'not-found',
    readSingle: 'not-found',
  });
});

test.each(versions)('%s says whether it is healthy, or nothing', async (version) => {
  const { device, client } = start(version);
  expect(await outcomeOf(client.isHealthy())).toBe(true);
  device.setHealthy(false);
  const isSilent = isWithin(version, '10.3.8', '10.10.15');
  expect(await outcomeOf(client.isHealthy(isSilent ? shortly : {}))).toBe(isSilent ? 'timeout' : false);
});

test.each(versions)('%s shows the only container of an app', async (version) => {
  await expect(start(version).client.singleContainerApp(appId).read()).resolves.toMatchObject({ appId });
});

test.each(versions)('%s changes a part of the proxy, and keeps the rest', async (version) => {
  const { client } = start(version);
  const proxy = { type: 'socks5', ip: '10.0.0.9', port: 1080, login: 'me', password: 'secret' } as const;
  await client.hostConfig.change({ proxy: { ...proxy, noProxy: ['10.0.0.0/8'] } });
  await client.hostConfig.change({ proxy: { port: 3128 } }, { wholeProxy: true });
  const { proxy: changed } = await client.hostConfig.read();
  expect(changed).toEqual({ ...proxy, port: 3128, noProxy: ['10.0.0.0/8'] });
});

test.each(versions.filter((version) => capabilitiesOf(version).journalLogs))(
  '%s returns the journal as entries',
  async (version) => {
    const { device, client } = start(version);
    device.log({ serviceName: 'camera', message: 'ready' });
    const messages: string[] = [];
    for await (const { message } of journalLogs(client, { format: 'json' })) messages.push(message);
    expect(messages).toContain('ready');
  },
);

describe('an update', () => {
  test.each(versions)('of %s is awaited to its end', async (version) => {
    const { device, client, clock } = start(version);
    device.releaseAvailable({ commit: 'new' });
    await client.update();
    expect(await waitForUpdate(client, { clock, random: () => 0.5 })).toEqual(
      capabilitiesOf(version).stateStatus
        ? { outcome: 'done', changed: true, commit: 'new' }
        : { outcome: 'unknown', reason: 'not-supported' },
    );
  });

  test.each(ofWaits)('of %s is blocked by a lock', async (version) => {
    const { device, client, clock } = start(version);
    device.lock();
    device.releaseAvailable({ commit: 'new' });
    await client.update();
    expect(await waitForUpdate(client, { clock, random: () => 0.5 })).toMatchObject({ outcome: 'locked' });
  });

  test.each(ofWaits)('of %s fails if its image cannot be downloaded', async (version) => {
    const { device, client, clock } = start(version);
    device.releaseAvailable({ commit: 'new', pullable: false });
    await client.update();
    expect(await waitForUpdate(client, { clock, random: () => 0.5 })).toMatchObject({
      outcome: 'failed',
      failure: 'download',
    });
  });

  test.each(ofWaits)('of %s shows its progress', async (version) => {
    const { device, client, clock } = start(version);
    const percents: number[] = [];
    device.releaseAvailable({ commit: 'new' });
    await client.update();
    await waitForUpdate(client, {
      clock,
      random: () => 0.5,
      intervalMs: 1000,
      onProgress: ({ downloadProgressPercent }) =>
        downloadProgressPercent !== undefined && percents.push(downloadProgressPercent),
    });
    expect(percents).toEqual(percents.toSorted((one, other) => one - other));
    expect(percents.length).toBeGreaterThan(10);
  });
});
