import type { Scene, Situation } from './scene.js';
import { keys } from './recorded-device.js';
import type { Stage } from './stage.js';

/** Something that the Supervisor needs is missing, or the Supervisor itself is. */
export const troubleSituations: readonly Situation[] = [
  {
    name: 'instant updates are off',
    certain: /instant updates/i,
    on: 'managed',
    scenes: [{ name: 'instant updates are off', device: { instantUpdates: false } }],
  },
  {
    name: 'the cloud cannot be reached',
    certain: /cloud (?:API )?(?:is )?down/i,
    possible: /cloud|offline/i,
    on: 'managed',
    scenes: [
      {
        name: 'the cloud goes down',
        arrange: ({ supervisor }) => supervisor.setCloud('down'),
        courseMs: 15_000,
      },
      {
        name: 'the cloud goes down, and the Supervisor looks for an update',
        arrange: async ({ supervisor, ask }) => {
          supervisor.setCloud('down');
          await ask('POST /v1/update');
        },
        courseMs: 15_000,
      },
      {
        name: 'the cloud is back',
        arrange: async ({ supervisor, pass }) => {
          supervisor.setCloud('down');
          await pass(20_000);
          supervisor.setCloud('up');
        },
        courseMs: 1000,
      },
    ],
  },
  {
    name: 'the cloud refuses',
    certain: /cloud\b.*\b(?:[45]\d\d|answers|refuses|fails)\b|\b[45]\d\d\b.*\bcloud/i,
    possible: /cloud/i,
    on: 'managed',
    scenes: [
      {
        name: 'the cloud answers with JSON',
        arrange: ({ supervisor }) => supervisor.setCloud({ status: 500, body: { error: 'Internal Server Error' } }),
      },
      {
        name: 'the cloud answers with text',
        arrange: ({ supervisor }) => supervisor.setCloud({ status: 401, body: 'Unauthorized' }),
      },
    ],
  },
  {
    name: 'the container engine is stopped',
    certain: /engine (?:is )?(?:stopped|down|killed|dead|gone|not running)|dockerd (?:stopped|SIGTERM|SIGKILL|killed)/i,
    scenes: [
      { name: 'the engine is stopped', arrange: ({ supervisor }) => supervisor.setEngine('stopped'), courseMs: 500 },
      {
        name: 'the Supervisor has crashed without the engine',
        arrange: async ({ supervisor, ask }) => {
          supervisor.setEngine('stopped');
          await ask('GET /v2/state/status');
        },
        courseMs: 3000,
      },
    ],
  },
  {
    name: 'the container engine hangs',
    certain: /engine (?:is )?h[ua]ng|SIGSTOP/i,
    scenes: [{ name: 'the engine hangs', arrange: ({ supervisor }) => supervisor.setEngine('hung') }],
  },
  {
    name: 'the host OS is being updated',
    certain: /host OS update|\bHUP\b/,
    scenes: [{ name: 'the host OS is being updated', arrange: ({ supervisor }) => supervisor.setHostUpdate(true) }],
  },
  {
    name: 'the host OS is being updated while a lock is held',
    certain: /host OS update|\bHUP\b/,
    on: 'managed',
    scenes: [
      {
        name: 'the host OS is being updated, and a service holds its lock',
        arrange: ({ supervisor }) => {
          supervisor.setHostUpdate(true);
          supervisor.lock();
        },
      },
    ],
  },
  {
    name: 'the device goes down',
    certain: /\| (?:.* )?(?:reboot|shutdown)\b.* after/,
    possible: /reboot|shutdown/,
    scenes: ['reboot', 'shutdown'].map((way): Scene => ({
      name: `after a ${way}`,
      arrange: ({ ask }) => ask(`POST /v1/${way}`),
    })),
  },
  {
    name: 'keys were rotated',
    certain: /after regenerate/,
    possible: /regenerate/,
    on: 'managed',
    scenes: [
      { name: 'the key of the app was rotated', arrange: (stage) => renew(stage, 'app', 'newApp') },
      { name: 'the global key was rotated', arrange: (stage) => renew(stage, 'global', 'newGlobal') },
      {
        name: 'both keys were rotated',
        arrange: async (stage) => {
          await renew(stage, 'app', 'newApp');
          await renew(stage, 'global', 'newGlobal');
        },
      },
    ],
  },
];

async function renew({ send, substitute }: Stage, old: keyof typeof keys, renewed: keyof typeof keys): Promise<void> {
  const request = { method: 'POST', path: `/v1/regenerate-api-key?apikey=${keys[old]}`, headers: {}, body: undefined };
  const outcome = await send(request, 60_000);
  if (outcome.kind === 'answer') substitute(keys[renewed], outcome.body);
}
