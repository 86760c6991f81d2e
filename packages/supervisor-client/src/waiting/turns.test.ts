import { describe, expect, test, vi } from 'vitest';
import { deferred } from '../../test/deferred.js';
import { Turns } from './turns.js';

/** Work that ends when the test says so. */
function work(name: string, log: string[]) {
  const { promise, resolve, reject } = deferred<string>();
  const begin = vi.fn<() => Promise<string>>(async () => {
    log.push(name);
    return promise;
  });
  return { begin, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

async function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('turns', () => {
  test('are taken in the order of requests, one at a time', async () => {
    const log: string[] = [];
    const turns = new Turns();
    const works = ['one', 'two', 'three'].map((name) => work(name, log));
    const taken = works.map(async ({ begin }) => turns.take(begin, undefined));
    for (const [index, { end }] of works.entries()) {
      await settled();
      expect(log).toHaveLength(index + 1);
      end();
    }
    expect(await Promise.all(taken)).toEqual(['one', 'two', 'three']);
  });

  test('continue after one has failed', async () => {
    const log: string[] = [];
    const turns = new Turns();
    const [one, two] = [work('one', log), work('two', log)];
    const first = turns.take(one.begin, undefined);
    const second = turns.take(two.begin, undefined);
    one.fail();
    await expect(first).rejects.toThrow('one');
    two.end();
    await expect(second).resolves.toBe('two');
  });

  test('are given up at once on an abort, and the next moves up', async () => {
    const log: string[] = [];
    const turns = new Turns();
    const [one, two, three] = [work('one', log), work('two', log), work('three', log)];
    const controller = new AbortController();
    const first = turns.take(one.begin, undefined);
    const second = turns.take(two.begin, controller.signal);
    const third = turns.take(three.begin, undefined);
    const reason = new Error('called off');
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(log).toEqual(['one']);
    one.end();
    three.end();
    await Promise.all([first, third]);
    expect(log).toEqual(['one', 'three']);
    expect(two.begin).not.toHaveBeenCalled();
  });

  test('are not requested after an abort', async () => {
    const turns = new Turns();
    const begin = vi.fn<() => Promise<void>>(async () => {});
    await expect(turns.take(begin, AbortSignal.abort(new Error('off')))).rejects.toThrow('off');
    expect(begin).not.toHaveBeenCalled();
    await turns.take(begin, undefined);
  });

  test('admit a request that arrives while one is passed on', async () => {
    const log: string[] = [];
    const turns = new Turns();
    const [one, two, three] = [work('one', log), work('two', log), work('three', log)];
    const first = turns.take(one.begin, undefined);
    const second = turns.take(two.begin, undefined);
    one.end();
    await first;
    const third = turns.take(three.begin, undefined);
    await settled();
    expect(log).toEqual(['one', 'two']);
    two.end();
    three.end();
    await Promise.all([second, third]);
    expect(log).toEqual(['one', 'two', 'three']);
  });

  test('leave no listener on a signal once its turn has come', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const turns = new Turns();
    const one = work('one', []);
    const first = turns.take(one.begin, undefined);
    const second = turns.take(async () => {}, signal);
    one.end();
    await Promise.all([first, second]);
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
    expect(add).toHaveBeenCalledOnce();
  });
});
