import type { EraRecording } from '../eras/era-recording.js';
import { deviceOfOtherImage, deviceOfTwoApps, deviceOfTwoServices, keylessDevice } from './era-device.js';
import { appId, keys } from './recorded-device.js';
import type { Scene } from './scene.js';

/** The situation of the device of an era, and the key in the request; undefined for none. */
export interface EraSituation {
  name: string;
  authorization: string | undefined;
  scenes: readonly Scene[];
}

/** The situations that no emulated device can be in, and why. */
export interface NotEmulated {
  notEmulated: string;
}

/**
 * The situation of a recording, by its call, its expected result, its status, its body and its note: the first that
 * fits, or a device at rest.
 */
export function situationOf({ call, expected, outcome, note }: EraRecording): EraSituation | NotEmulated {
  const status = outcome.kind === 'answer' ? outcome.status : 'nothing';
  const body = outcome.kind === 'answer' ? outcome.body : '';
  const words = [call, expected, status, note, body].join(' | ');
  const { told: _told, ...found } = situations.find(({ told }) => told.test(words)) ?? atRest;
  return 'notEmulated' in found ? found : { authorization: ownKey, ...found };
}

type Known = { told: RegExp } & (
  | NotEmulated
  | (Pick<EraSituation, 'name' | 'scenes'> & Partial<Pick<EraSituation, 'authorization'>>)
);

const ownKey = `ApiKey ${keys.global}`;

const atRest: Known = { told: /^/, name: 'a device at rest', scenes: [{ name: 'at rest' }] };

/** In words of `<call> | <expected> | <status> | <note> | <body>`; the first that fits is the one. */
const situations: readonly Known[] = [
  {
    told: /Invalid API key in supervisor/,
    notEmulated: 'no emulated Supervisor has lost its own key',
  },
  {
    told: /^\w+ \| unauthorized \| .*\bBearer\b/,
    name: 'a key as a Bearer',
    authorization: `Bearer ${keys.global}`,
    scenes: [{ name: 'at rest' }],
  },
  { told: /^\w+ \| unauthorized \|/, name: 'no key', authorization: undefined, scenes: [{ name: 'at rest' }] },
  {
    told: /^\w+NoKey \||local or unmanaged|same cause: lists are empty/,
    name: 'a device that asks for no key',
    authorization: undefined,
    scenes: [{ name: 'unmanaged', device: keylessDevice }],
  },
  {
    told: /^\w+ \| out-of-scope \|/,
    name: "another app's key",
    authorization: `ApiKey ${keys.app}`,
    scenes: [{ name: 'at rest' }, { name: 'with that app', device: deviceOfTwoApps }],
  },
  {
    told: /\| locked:user-lock \||^\w+Service(?:ById)? \| timeout \|/,
    name: 'a lock is held',
    scenes: [{ name: 'main holds its update lock', arrange: ({ supervisor }) => supervisor.lock() }],
  },
  {
    told: /\| locked:supervisor-busy \|/,
    name: 'the locks are busy',
    scenes: [{ name: 'another operation holds the locks', arrange: ({ supervisor }) => supervisor.holdLocks() }],
  },
  {
    told: /\| locked:host-update \|/,
    name: 'the host OS is being updated',
    scenes: [{ name: 'the host OS is being updated', arrange: ({ supervisor }) => supervisor.setHostUpdate(true) }],
  },
  {
    told: /^healthy \| \S+ \| (?!200)/,
    name: 'the device is not healthy',
    scenes: [{ name: 'not healthy', arrange: ({ supervisor }) => supervisor.setHealthy(false) }],
  },
  {
    told: /^update \| \S+ \| 202/,
    name: 'instant updates are off',
    scenes: [{ name: 'instant updates are off', device: { instantUpdates: false } }],
  },
  {
    told: /Could not find an appId/,
    name: 'the device has no app',
    scenes: [{ name: 'without an app', device: { apps: [] } }],
  },
  {
    told: /connect E[A-Z]+ \S+\.sock/,
    name: 'the container engine is stopped',
    scenes: [{ name: 'the engine is stopped', arrange: ({ supervisor }) => supervisor.setEngine('stopped') }],
  },
  {
    told: /^tags \| (?!ok)/,
    name: 'tags are not available',
    scenes: [
      { name: 'without a cloud', device: keylessDevice },
      { name: 'the cloud is down', arrange: ({ supervisor }) => supervisor.setCloud('down') },
      {
        name: 'the cloud refuses with text',
        arrange: ({ supervisor }) => supervisor.setCloud({ status: 401, body: 'Unauthorized' }),
      },
      {
        name: 'the cloud refuses with JSON',
        arrange: ({ supervisor }) => supervisor.setCloud({ status: 500, body: { error: 'Internal Server Error' } }),
      },
    ],
  },
  {
    told: /scoped to multiple applications/,
    name: 'a device with two apps',
    scenes: [{ name: 'two apps', device: deviceOfTwoApps }],
  },
  {
    told: /single-container apps|the app is multi-container/,
    name: 'an app with two services',
    scenes: [{ name: 'two services', device: deviceOfTwoServices }],
  },
  {
    told: /Service not found/,
    name: 'a service that is not there',
    scenes: [{ name: 'at rest' }, { name: 'with another image', device: deviceOfOtherImage }],
  },
  {
    told: /Service does not exist in target release/,
    name: 'a service that is being removed',
    scenes: [
      {
        name: 'a lock keeps it',
        device: keylessDevice,
        arrange: async ({ supervisor, ask }) => {
          supervisor.lock();
          const app = { name: 'myfleet', commit: 'other', releaseId: '1', services: {}, volumes: {}, networks: {} };
          const config = { SUPERVISOR_LOCAL_MODE: '1' };
          await ask('POST /v2/local/target-state', { local: { name: 'local', config, apps: { [appId]: app } } });
        },
      },
    ],
  },
  {
    told: /reading 'local'|second waits/,
    name: 'two restarts at once',
    scenes: [
      {
        name: 'a restart is under way',
        arrange: ({ begin }) => begin('POST /v1/restart', { appId }),
        courseMs: 1000,
      },
    ],
  },
  {
    told: /"status":"Downloading"/,
    name: 'a release is being downloaded',
    scenes: [
      {
        name: 'a download',
        arrange: async ({ supervisor, begin }) => {
          supervisor.releaseAvailable({ commit: '0123456789abcdef0123456789abcdef', downloadDurationMs: 12_000 });
          await begin('POST /v1/update');
        },
        courseMs: 3000,
      },
    ],
  },
  {
    told: /^journal \|/,
    name: 'the Supervisor has started',
    // The output of services passes a terminal, which shows in the formats.
    scenes: [{ name: 'without services', device: { apps: [] } }],
  },
];
