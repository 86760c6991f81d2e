import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AddressesFailed, inTurns, raceAddresses, type RaceOptions } from './race-addresses.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** The behaviour of an address: it accepts the connection or fails after some milliseconds, or stays silent. */
type Address = { takesMs: number; handshakeMs?: number } | { failsMs: number; code?: string } | 'silent';

function open(behaviours: Readonly<Record<string, Address>>) {
  const started: Record<string, number> = {};
  const ended = new Set<string>();
  const race = async (options: Partial<RaceOptions> = {}) =>
    raceAddresses(
      Object.keys(behaviours),
      async (address, signal, onTaken) => {
        started[address] = Date.now();
        signal.addEventListener('abort', () => ended.add(address));
        const behaviour = behaviours[address] ?? 'silent';
        if (behaviour === 'silent') return new Promise<string>(() => undefined);
        if ('failsMs' in behaviour) {
          await after(behaviour.failsMs);
          throw Object.assign(new Error(address), { code: behaviour.code ?? 'ECONNREFUSED' });
        }
        await after(behaviour.takesMs);
        if (behaviour.handshakeMs === undefined) return address;
        onTaken();
        await after(behaviour.handshakeMs);
        return address;
      },
      { signal: new AbortController().signal, ...options },
    );
  return { race, started, ended };
}

async function after(ms: number) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function settled<Value>(promise: Promise<Value>): Promise<{ value?: Value; error?: unknown; atMs: number }> {
  const startedMs = Date.now();
  const outcome = promise.then(
    (value) => ({ value, atMs: Date.now() - startedMs }),
    (error: unknown) => ({ error, atMs: Date.now() - startedMs }),
  );
  await vi.runAllTimersAsync();
  return outcome;
}

describe('the race of the addresses of a name', () => {
  test('is won by the first, which has a head start, if it is quick', async () => {
    const { race, started } = open({ a: { takesMs: 200 }, b: { takesMs: 1 } });
    expect(await settled(race())).toEqual({ value: 'a', atMs: 200 });
    expect(Object.keys(started)).toEqual(['a']);
  });

  test('abandons no slow address: the first may win after later ones have failed', async () => {
    const { race } = open({ a: { takesMs: 3000 }, b: { failsMs: 0 }, c: { failsMs: 100 } });
    expect(await settled(race())).toEqual({ value: 'a', atMs: 3000 });
  });

  test('tries the next at once if one fails, and after a moment if one is silent', async () => {
    const { race, started } = open({ a: { failsMs: 10 }, b: 'silent', c: { takesMs: 300 } });
    const startedMs = Date.now();
    expect(await settled(race())).toEqual({ value: 'c', atMs: 560 });
    expect(Object.values(started).map((atMs) => atMs - startedMs)).toEqual([0, 10, 260]);
  });

  test('gives an address that accepted the connection more time for the TLS handshake', async () => {
    const { race, started } = open({ a: { takesMs: 100, handshakeMs: 4000 }, b: { takesMs: 1 } });
    expect(await settled(race())).toEqual({ value: 'a', atMs: 4100 });
    expect(Object.keys(started)).toEqual(['a']);
  });

  test('continues after an address that accepts the connection and then stays silent', async () => {
    const { race } = open({ a: { takesMs: 100, handshakeMs: 10 ** 6 }, b: { takesMs: 1, handshakeMs: 50 } });
    expect(await settled(race())).toEqual({ value: 'b', atMs: 5151 });
  });

  test('ends all others once one has won', async () => {
    const { race, ended } = open({ a: 'silent', b: 'silent', c: { takesMs: 1 } });
    expect(await settled(race())).toMatchObject({ value: 'c' });
    expect([...ended]).toEqual(['a', 'b']);
  });

  test('ends all attempts at the signal, with its reason', async () => {
    const { race, ended } = open({ a: 'silent', b: 'silent' });
    const controller = new AbortController();
    const reason = new Error('deadline');
    setTimeout(() => controller.abort(reason), 1000);
    expect(await settled(race({ signal: controller.signal }))).toEqual({ error: reason, atMs: 1000 });
    expect([...ended]).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is over before a call to Cloudly is, and reports the stage of each silent address', async () => {
    const { race, ended } = open({ a: 'silent', b: { failsMs: 1 }, c: { takesMs: 1, handshakeMs: 10 ** 6 } });
    const { error, atMs } = await settled(race());
    expect(atMs).toBe(27_000);
    expect((error as AddressesFailed).failures).toMatchObject([
      { address: 'b', error: { code: 'ECONNREFUSED' } },
      { address: 'a', error: { code: 'ETIMEDOUT', message: 'The address does not accept the connection.' } },
      {
        address: 'c',
        error: { code: 'ETIMEDOUT', details: { explanation: expect.stringContaining('TLS') as string } },
      },
    ]);
    expect([...ended]).toEqual(['a', 'c']);
    expect((await settled(open({ a: 'silent' }).race())).error).toMatchObject({ code: 'ETIMEDOUT' });
  });

  test('fails as its only address does, or with the failure of each of several', async () => {
    expect((await settled(open({ a: { failsMs: 1 } }).race())).error).toMatchObject({ code: 'ECONNREFUSED' });
    const { error } = await settled(open({ a: { failsMs: 1, code: 'ENETUNREACH' }, b: { failsMs: 1 } }).race());
    expect(error).toBeInstanceOf(AddressesFailed);
    expect((error as AddressesFailed).failures.map(({ address }) => address)).toEqual(['a', 'b']);
    expect((await settled(open({}).race())).error).toBeInstanceOf(AddressesFailed);
  });

  test('is won within a moment per earlier address, whatever those do', async () => {
    // A timer of 0 ms takes a millisecond if another timer starts it.
    const duration = fc.integer({ min: 1, max: 20_000 });
    const other: fc.Arbitrary<Address> = fc.oneof(fc.constant('silent' as const), fc.record({ failsMs: duration }));
    await fc.assert(
      fc.asyncProperty(fc.array(other, { maxLength: 8 }), fc.nat(8), duration, async (others, at, takesMs) => {
        const behaviours: Address[] = others.toSpliced(at, 0, { takesMs });
        const { race } = open(Object.fromEntries(behaviours.map((behaviour, index) => [`a${index}`, behaviour])));
        const { value, atMs } = await settled(race());
        expect(behaviours[Number(value?.slice(1))]).toEqual({ takesMs });
        expect(atMs).toBeLessThanOrEqual(takesMs + 250 * others.length);
      }),
    );
  });
});

describe('the order of addresses', () => {
  test('alternates the families, the system’s first choice first, each address once', () => {
    expect(inTurns(['2001:db8::1', '2001:db8::2', '192.0.2.1', '192.0.2.1'])).toEqual([
      '2001:db8::1',
      '192.0.2.1',
      '2001:db8::2',
    ]);
    expect(inTurns(['192.0.2.1', '2001:db8::1', '192.0.2.2'])).toEqual(['192.0.2.1', '2001:db8::1', '192.0.2.2']);
    expect(inTurns([])).toEqual([]);
  });
});
