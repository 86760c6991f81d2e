import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { createSupervisor, ManualClock } from '@serve.zone/balena-supervisor-emulator';
import { afterEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../test/virtual-clock.js';
import { systemClock } from '../../ports/clock.js';
import { readDeviceView } from './read-device-view.js';

const appId = 1234567;
const own = { appId, service: 'baserunner' };
const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function open(supervisorVersion: string) {
  const clock = new ManualClock();
  const apps = [{ appId, commit: 'old', services: ['main', 'baserunner'] }];
  const supervisor = createSupervisor({ apps, supervisorVersion, clock, downloadDurationMs: 60_000 });
  const { address, close } = await supervisor.listen();
  opened.push(close);
  const client = new SupervisorClient({ address, apiKey: supervisor.apiKey, retry: false, fetch: globalThis.fetch });
  const read = async () =>
    readDeviceView(
      { supervisor: client, address, kernelBootId: 'boot-1', own },
      { clock: systemClock, signal: new AbortController().signal },
    );
  return { supervisor, client, clock, read };
}

describe.each(['14.13.14', '16.12.9', '17.5.0', '19.0.5'])('on Supervisor %s', (version) => {
  test('the view shows the running release, the target release, the services and the download', async () => {
    const { supervisor, client, clock, read } = await open(version);
    expect(await read()).toMatchObject({
      kernelBootId: 'boot-1',
      own,
      supervisor: {
        version,
        updatePending: false,
        appState: 'applied',
        apps: [
          {
            appId,
            runningCommit: 'old',
            targetCommit: 'old',
            isDownloading: false,
            services: [
              { name: 'main', status: 'Running', containerId: expect.stringMatching(/^[\da-f]{64}$/) },
              { name: 'baserunner', status: 'Running' },
            ],
          },
        ],
      },
    });

    supervisor.releaseAvailable({ commit: 'new' });
    await client.update();
    await clock.advance(30_000);
    expect(await read()).toMatchObject({
      supervisor: {
        updatePending: true,
        apps: [{ runningCommit: 'old', targetCommit: 'new', isDownloading: true, downloadProgressPercent: 50 }],
      },
    });
  });
});

test('a Supervisor before 9.7 is read without its containers', async () => {
  const { read } = await open('9.0.0');
  expect(await read()).toMatchObject({ supervisor: { version: '9.0.0', apps: [{ appId, runningCommit: 'old' }] } });
});

test('a Supervisor that rejects the key is unavailable, with the reason', async () => {
  const { supervisor, read } = await open('19.0.5');
  supervisor.rotateApiKey();
  const view = await read();
  expect(view.supervisor).toBeUndefined();
  expect(view.unavailable).toMatch(/^The Supervisor rejected BALENA_SUPERVISOR_API_KEY\./);
});

test('a Supervisor that does not answer is abandoned after ten seconds', async () => {
  const clock = new VirtualClock();
  const never = async () => new Promise<never>(() => {});
  const supervisor = { device: never, stateStatus: never, apps: { list: never } };
  const options = { supervisor, address: 'http://127.0.0.1:48484', kernelBootId: undefined, own: {} };
  const look = readDeviceView(options, { clock, signal: new AbortController().signal });
  await clock.advance(10_000);
  expect(await look).toEqual({
    supervisor: undefined,
    unavailable: expect.stringMatching(/^The Supervisor at http:\/\/127\.0\.0\.1:48484 did not answer within 10 s\./),
    kernelBootId: undefined,
    own: {},
  });
});

test('a read ends when the agent stops', async () => {
  const never = async () => new Promise<never>(() => {});
  const supervisor = { device: never, stateStatus: never, apps: { list: never } };
  const stopping = new AbortController();
  const look = readDeviceView(
    { supervisor, address: undefined, kernelBootId: undefined, own: {} },
    { clock: systemClock, signal: stopping.signal },
  );
  stopping.abort();
  expect(await look).toMatchObject({ supervisor: undefined });
});
