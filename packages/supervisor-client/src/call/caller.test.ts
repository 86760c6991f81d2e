import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { answering } from '../../test/answer.js';
import { Caller } from './caller.js';
import { resolveOptions, type SupervisorClientOptions } from './client-options.js';
import { endpoints } from '../endpoints/endpoints.js';
import type { FetchLike } from '../transport/fetch-like.js';

const address = 'http://10.114.104.1:48484';
const { device, ping, reboot, blink, cleanUpVolumes } = endpoints;

const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
const reset = Object.assign(new Error('no'), { code: 'ECONNRESET' });
const noLegacy = { status: 502, body: 'error trying to connect' };
const ok = { status: 200, body: 'OK' };

type Step = Error | { status: number; body: string };

/** A transport that follows its steps in order and repeats the last one. */
function taking(...steps: Step[]): FetchLike & { count: () => number } {
  let index = 0;
  const fetch: FetchLike = async (url, init) => {
    const step = steps[Math.min(index, steps.length - 1)];
    index += 1;
    if (step === undefined || step instanceof Error) throw step;
    return answering(step.status, step.body)(url, init);
  };
  return Object.assign(fetch, { count: () => index });
}

/** A caller that does not wait, and records how long it would have waited. */
function callerOf(fetch: FetchLike, options: Partial<SupervisorClientOptions> = {}) {
  const waitsMs: number[] = [];
  const sleep = vi.fn<(ms: number) => Promise<void>>(async (ms) => void waitsMs.push(ms));
  const resolved = resolveOptions({ address, apiKey: 'key', fetch, ...options });
  return { caller: new Caller(resolved, { sleep, random: () => 1 }), waitsMs };
}

describe('retries', () => {
  test.each([
    ['was refused', refused],
    ['was reset', reset],
    ['met no Supervisor behind its proxy', noLegacy],
  ])('repeat a read that %s, and return the final answer', async (_name, step) => {
    const fetch = taking(step, step, ok);
    const { caller, waitsMs } = callerOf(fetch);
    await caller.call(ping, {});
    expect(fetch.count()).toBe(3);
    expect(waitsMs).toEqual([1000, 2000]);
  });

  test('repeat a read whose answer was cut off', async () => {
    let count = 0;
    const torn: FetchLike = async (url, init) => {
      count += 1;
      if (count > 1) return answering(200, 'OK')(url, init);
      return { status: 200, headers: { get: () => null }, body: breaking() };
    };
    await callerOf(torn).caller.call(ping, {});
    expect(count).toBe(2);
  });

  test('end after five attempts, and the error says so', async () => {
    const fetch = taking(refused);
    const { caller, waitsMs } = callerOf(fetch);
    await expect(caller.call(ping, {})).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('The client tried 5 times.'),
    });
    expect(fetch.count()).toBe(5);
    expect(waitsMs).toEqual([1000, 2000, 4000, 8000]);
  });

  test('are as many as the option says, or none', async () => {
    const thrice = taking(refused);
    await expect(callerOf(thrice, { retry: { maxAttempts: 3 } }).caller.call(ping, {})).rejects.toThrow(
      'The client tried 3 times.',
    );
    expect(thrice.count()).toBe(3);
    const once = taking(refused);
    await expect(callerOf(once, { retry: false }).caller.call(ping, {})).rejects.toThrow(/refused\. Check/);
    expect(once.count()).toBe(1);
  });

  test('repeat a rejected write, because none of it was sent', async () => {
    const fetch = taking(refused, { status: 202, body: '' });
    await callerOf(fetch).caller.call(reboot, {});
    expect(fetch.count()).toBe(2);
  });

  test.each([
    ['was reset', reset],
    ['met no Supervisor behind its proxy', noLegacy],
    ['failed', { status: 503, body: '{"message":"no"}' }],
    ['is locked', { status: 423, body: '{"message":"Lockfile exists"}' }],
  ])('never repeat a write that %s: it may have been carried out', async (_name, step) => {
    for (const endpoint of [reboot, cleanUpVolumes]) {
      const fetch = taking(step);
      await expect(callerOf(fetch).caller.call(endpoint, {})).rejects.toMatchObject({ name: 'SupervisorError' });
      expect(fetch.count()).toBe(1);
    }
  });

  test.each([
    ['that is rejected', { status: 401, body: 'Unauthorized' }],
    ['that failed in the Supervisor', { status: 503, body: '{"message":"no"}' }],
    ['that something else answers', { status: 200, body: '<html>' }],
  ])('do not repeat a read %s', async (_name, step) => {
    const fetch = taking(step);
    await expect(callerOf(fetch).caller.call(device, {})).rejects.toMatchObject({ name: 'SupervisorError' });
    expect(fetch.count()).toBe(1);
  });

  test('do not repeat a read that timed out', async () => {
    const fetch = vi.fn<FetchLike>(async () => new Promise(() => {}));
    await expect(callerOf(fetch).caller.call(ping, { timeoutMs: 5 })).rejects.toMatchObject({ code: 'timeout' });
    expect(fetch).toHaveBeenCalledOnce();
  });

  test('ask for the key each time', async () => {
    const keys = ['one', 'two'];
    const sent: (string | undefined)[] = [];
    const fetch: FetchLike = async (url, init) => {
      sent.push(init.headers['Authorization']);
      if (sent.length === 1) throw refused;
      return answering(200, 'OK')(url, init);
    };
    await callerOf(fetch, { apiKey: () => keys.shift() ?? '' }).caller.call(ping, {});
    expect(sent).toEqual(['ApiKey one', 'ApiKey two']);
  });

  test('stop waiting at once when the caller aborts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const controller = new AbortController();
    const resolved = resolveOptions({ address, fetch: taking(refused) });
    const call = new Caller(resolved).call(ping, { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    expect(vi.getTimerCount()).toBe(1);
    const reason = new Error('the app stops');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('writes', () => {
  /** A transport that answers when the test says so. */
  function held() {
    const under: { path: string; answer: (status: number) => void }[] = [];
    const fetch: FetchLike = async (url, init) =>
      new Promise((resolve) => {
        const answer = (status: number): void => void answering(status, 'OK')(url, init).then(resolve);
        under.push({ path: new URL(url).pathname, answer });
      });
    return { fetch, under, paths: () => under.map(({ path }) => path) };
  }

  test('are sent one after the other, in the order of the calls', async () => {
    const { fetch, under, paths } = held();
    const { caller } = callerOf(fetch);
    const calls = [caller.call(reboot, {}), caller.call(blink, {}), caller.call(cleanUpVolumes, {})];
    await vi.waitFor(() => expect(paths()).toEqual(['/v1/reboot']));
    under[0]?.answer(202);
    await vi.waitFor(() => expect(paths()).toEqual(['/v1/reboot', '/v1/blink']));
    under[1]?.answer(200);
    await vi.waitFor(() => expect(paths()).toHaveLength(3));
    under[2]?.answer(200);
    await Promise.all(calls);
  });

  test('do not delay reads', async () => {
    const { fetch, under, paths } = held();
    const { caller } = callerOf(fetch);
    const calls = [caller.call(reboot, {}), caller.call(blink, {})];
    const read = caller.call(ping, {});
    const other = caller.request({ method: 'POST', path: '/v3/look', effect: 'read' }, {});
    await vi.waitFor(() => expect(paths()).toEqual(['/v1/reboot', '/ping', '/v3/look']));
    under[1]?.answer(200);
    under[2]?.answer(200);
    await Promise.all([read, other]);
    under[0]?.answer(202);
    await vi.waitFor(() => expect(paths()).toHaveLength(4));
    under[3]?.answer(200);
    await Promise.all(calls);
  });

  test('are recognised by their effect, known or declared', async () => {
    const { fetch, under, paths } = held();
    const { caller } = callerOf(fetch);
    const calls = [
      caller.request({ method: 'GET', path: '/v2/cleanup-volumes' }, {}),
      caller.request({ method: 'GET', path: '/v3/change', effect: 'write' }, {}),
      caller.request({ method: 'POST', path: '/v3/change' }, {}),
    ];
    for (let sent = 1; sent <= 3; sent++) {
      await vi.waitFor(() => expect(paths()).toHaveLength(sent));
      under[sent - 1]?.answer(200);
    }
    await Promise.all(calls);
  });

  test('let the next one go when they fail or time out', async () => {
    const { fetch, under, paths } = held();
    const { caller } = callerOf(fetch);
    const slow = caller.call(reboot, { timeoutMs: 5 });
    const bad = caller.call(reboot, {});
    const good = caller.call(blink, {});
    await expect(slow).rejects.toMatchObject({ code: 'timeout' });
    await vi.waitFor(() => expect(paths()).toHaveLength(2));
    under[1]?.answer(500);
    await expect(bad).rejects.toMatchObject({ code: 'supervisor-error' });
    await vi.waitFor(() => expect(paths()).toHaveLength(3));
    under[2]?.answer(200);
    await good;
  });

  test('have no deadline while they queue, but an abort removes them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { fetch, under, paths } = held();
    const { caller } = callerOf(fetch);
    const first = caller.call(reboot, { timeoutMs: 60_000 });
    const controller = new AbortController();
    const waiting = caller.call(blink, { timeoutMs: 1 });
    const calledOff = caller.call(cleanUpVolumes, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(1000);
    controller.abort(new Error('off'));
    await expect(calledOff).rejects.toThrow('off');
    expect(paths()).toEqual(['/v1/reboot']);
    under[0]?.answer(202);
    await first;
    const late = waiting.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toMatchObject({ code: 'timeout' });
    expect(paths()).toEqual(['/v1/reboot', '/v1/blink']);
  });

  test('of two clients do not wait for each other', async () => {
    const { fetch, under, paths } = held();
    const calls = [callerOf(fetch), callerOf(fetch)].map(async ({ caller }) => caller.call(blink, {}));
    await vi.waitFor(() => expect(paths()).toHaveLength(2));
    for (const { answer } of under) answer(200);
    await Promise.all(calls);
  });
});

describe('the deadline of a kind of call', () => {
  test.each([
    ['GET', '/v2/device/name', 15_000],
    ['GET', '/v3/unknown', 15_000],
    ['POST', '/v3/unknown', 30_000],
    ['POST', '/v1/update', 30_000],
    ['POST', '/v1/reboot', 120_000],
    ['POST', '/v1/shutdown', 120_000],
    ['POST', '/v1/restart', 120_000],
    ['POST', '/v1/purge', 120_000],
    ['POST', '/V1/Apps/77/Stop/', 120_000],
    ['POST', '/v1/apps/77/start', 30_000],
    ['POST', '/v2/applications/77/restart-service', 120_000],
    ['POST', '/v2/applications/77/stop-service', 120_000],
    ['POST', '/v2/applications/77/start-service', 30_000],
  ] as const)('%s %s: %i ms', async (method, path, timeoutMs) => {
    vi.useFakeTimers();
    try {
      const { caller } = callerOf(async () => new Promise(() => {}));
      const call = caller.request({ method, path }, {}).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(timeoutMs - 1);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await call).toMatchObject({ code: 'timeout' });
    } finally {
      vi.useRealTimers();
    }
  });
});

test('a missing endpoint is reported with the Supervisor version that has it, even if it was requested by its path', async () => {
  const page = '<!DOCTYPE html>\n<pre>Cannot PATCH /v2/device/tags</pre>';
  const { caller } = callerOf(taking({ status: 404, body: page }));
  await expect(caller.request({ method: 'PATCH', path: '/v2/device/tags', body: {} }, {})).rejects.toMatchObject({
    code: 'not-supported',
    message: expect.stringContaining('17.8.0'),
  });
  await expect(caller.request({ method: 'GET', path: '/v3/new' }, {})).rejects.toMatchObject({
    code: 'not-supported',
    message: expect.stringContaining('Update the Supervisor.'),
  });
});

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('O');
  throw reset;
}
