import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceAnswer, stateStatusAnswer } from '../../test/answer.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { SupervisorClient } from './supervisor-client.js';
import { isSupervisorError } from '../errors/supervisor-error.js';

const address = 'http://10.114.104.1:48484';
const apiKey = 'k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y42';

/** Every call there is. */
const calls: Record<string, (client: SupervisorClient) => Promise<unknown>> = {
  ping: (c) => c.ping(),
  isHealthy: (c) => c.isHealthy(),
  version: (c) => c.version(),
  capabilities: (c) => c.capabilities(),
  device: (c) => c.device(),
  deviceName: (c) => c.deviceName(),
  vpn: (c) => c.vpn(),
  stateStatus: (c) => c.stateStatus(),
  containers: (c) => c.containers(),
  containerId: (c) => c.containerId('main'),
  update: (c) => c.update(),
  reboot: (c) => c.reboot(),
  shutdown: (c) => c.shutdown(),
  blink: (c) => c.blink(),
  cleanUpVolumes: (c) => c.cleanUpVolumes(),
  regenerateApiKey: (c) => c.regenerateApiKey(),
  'tags.list': (c) => c.tags.list(),
  'tags.set': (c) => c.tags.set({ a: 'b' }),
  'hostConfig.read': (c) => c.hostConfig.read(),
  'hostConfig.change': (c) => c.hostConfig.change({ hostname: 'gate' }),
  'apps.list': (c) => c.apps.list(),
  'app.state': (c) => c.app(77).state(),
  'app.restart': (c) => c.app(77).restart(),
  'app.purge': (c) => c.app(77).purge(),
  'service.start': (c) => c.app(77).service('main').start(),
  'service.stop': (c) => c.app(77).service('main').stop(),
  'service.restart': (c) => c.app(77).service('main').restart(),
  'singleContainerApp.read': (c) => c.singleContainerApp(77).read(),
  'singleContainerApp.start': (c) => c.singleContainerApp(77).start(),
  'singleContainerApp.stop': (c) => c.singleContainerApp(77).stop(),
  'singleContainerApp.restart': (c) => c.singleContainerApp(77).restart(),
  'singleContainerApp.purge': (c) => c.singleContainerApp(77).purge(),
  'local.deviceInfo': (c) => c.local.deviceInfo(),
  'local.targetState': (c) => c.local.targetState(),
  'local.setTargetState': (c) => c.local.setTargetState({ config: {}, apps: {} }),
  request: (c) => c.request({ method: 'POST', path: '/v3/new' }),
  stream: async (c) => {
    const stream = await c.stream({ method: 'GET', path: '/v2/local/logs' });
    let lengthBytes = 0;
    for await (const chunk of stream) lengthBytes += chunk.byteLength;
    return lengthBytes;
  },
};

/** Words from answers of the Supervisor, so that generated answers are often almost right. */
const memberNames = fc.constantFrom(
  ...Object.keys({ ...deviceAnswer, ...stateStatusAnswer }),
  ...'message Error Data version deviceName vpn enabled connected tags id name value services network hostname'.split(
    ' ',
  ),
  ...'proxy type ip port noProxy dns local 77 commit releaseId appId imageId containerId env info arch'.split(' '),
  ...'deviceType state config apps download_progress __proto__ constructor'.split(' '),
);
const words = fc.constantFrom(
  'OK',
  'Unhealthy',
  'Unauthorized',
  'App not found',
  'Cannot GET /',
  'Lockfile exists for',
  'is not valid JSON',
  'Application ID does not exist: 77',
  "Cannot read properties of null (reading 'local')",
  '1.2.3',
  '8123',
  '',
  apiKey,
  `?apikey=${apiKey}`,
  `ApiKey ${apiKey} <b>`,
  `Bearer ${apiKey}`,
);

const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(words, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.string()),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(memberNames, tie('value')), { maxLength: 8 }).map((members) => Object.fromEntries(members)),
  ),
}));

function encode(text: string) {
  return new TextEncoder().encode(text);
}

const bodies = fc.oneof(
  { weight: 3, arbitrary: json.map((value) => encode(JSON.stringify(value))) },
  { weight: 2, arbitrary: words.map(encode) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);
const statuses = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(200, 202, 204, 400, 401, 404, 409, 423, 500, 502, 503, 504) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 999 }) },
);
const contentTypes = fc.oneof(
  fc.constantFrom(null, 'application/json; charset=utf-8', 'text/html; charset=utf-8', 'text/plain'),
  fc.string(),
);
/** Where the body is cut, in parts of its length. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

interface Answered {
  status: number;
  contentType: string | null;
  body: Uint8Array;
  cuts: number[];
  /** Whether the connection breaks after the last byte instead of ending. */
  breaks: boolean;
}

const answers: fc.Arbitrary<Answered> = fc.record({
  status: statuses,
  contentType: contentTypes,
  body: bodies,
  cuts,
  breaks: fc.boolean(),
});

describe.each(Object.entries(calls))('%s', (_name, call) => {
  test('makes a result or a SupervisorError of any answer, and reveals the key to nobody', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        const outcome = await outcomeOf(call, answer);
        expect(outcome.kind).not.toBe('other');
        expect(everyFormOf(outcome.error)).not.toContain(apiKey);
      }),
      { numRuns: 80 },
    );
  });

  test('gives the same result for an answer however it is split', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        const [whole, cut] = await Promise.all([outcomeOf(call, { ...answer, cuts: [] }), outcomeOf(call, answer)]);
        expect(withoutStack(cut)).toEqual(withoutStack(whole));
      }),
      { numRuns: 30 },
    );
  });
});

interface Outcome {
  kind: 'result' | 'error' | 'other';
  result?: unknown;
  error?: unknown;
}

async function outcomeOf(call: (client: SupervisorClient) => Promise<unknown>, answer: Answered): Promise<Outcome> {
  const client = new SupervisorClient({ address, apiKey, fetch: transportOf(answer), retry: false });
  try {
    return { kind: 'result', result: await call(client) };
  } catch (error) {
    return { kind: isSupervisorError(error) ? 'error' : 'other', error };
  }
}

function transportOf({ status, contentType, body, cuts: places, breaks }: Answered): FetchLike {
  return async () => ({ status, headers: { get: () => contentType }, body: chunksOf(body, places, breaks) });
}

async function* chunksOf(body: Uint8Array, places: number[], breaks: boolean): AsyncGenerator<Uint8Array> {
  const offsets = [0, ...places.map((part) => Math.floor(part * body.length)).toSorted((a, b) => a - b), body.length];
  for (const [index, offset] of offsets.entries()) yield body.subarray(offset, offsets[index + 1] ?? offset);
  if (breaks) throw Object.assign(new Error(`reset ${apiKey}`), { code: 'ECONNRESET' });
}

function withoutStack({ kind, result, error }: Outcome): unknown {
  return error instanceof Error ? { kind, name: error.name, message: error.message } : { kind, result };
}

/** All the ways in which a value gets into a log. */
function everyFormOf(value: unknown): string {
  const shown = inspect(value, { depth: Infinity, showHidden: true, getters: true });
  const parts = value instanceof Error ? [value.message, value.stack, String(value.cause)] : [];
  return [shown, JSON.stringify(value), String(value), ...parts].join('\n');
}
