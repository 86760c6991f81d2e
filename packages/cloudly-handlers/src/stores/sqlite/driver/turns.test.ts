import { setImmediate as aTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createTurns, endOf, readInTurn } from './turns.js';

function held(): never {
  throw Object.assign(new Error('database is locked'), { errcode: 5 });
}

describe('work that takes its turn', () => {
  test('is done in order, with all that waits at the end of the turn', async () => {
    const together: number[] = [];
    const { add } = createTurns({
      timeoutMs: 1000,
      carryOut: (works) => {
        together.push(works.length);
        return works.map(endOf);
      },
    });
    const done: string[] = [];
    const change = (name: string) => add(() => void done.push(name));
    const changes = [change('a'), change('b'), Promise.resolve().then(() => change('c'))];
    expect(done).toEqual([]);
    await Promise.all(changes);
    await change('d');
    expect({ done, together }).toEqual({ done: ['a', 'b', 'c', 'd'], together: [3, 1] });
  });

  test('leaves the thread to others in between', async () => {
    const { add } = createTurns({ timeoutMs: 1000, carryOut: ([work]) => [endOf(work)] });
    const order: string[] = [];
    const first = add(() => {
      order.push('first');
      setImmediate(() => order.push('others'));
    });
    await Promise.all([first, add(() => order.push('second'))]);
    expect(order).toEqual(['first', 'others', 'second']);
  });

  test('rejects alone if it fails', async () => {
    const { add } = createTurns({ timeoutMs: 1000, carryOut: (works) => works.map(endOf) });
    const failing = add(() => {
      throw new TypeError('no such thing');
    });
    const after = add(() => 'done');
    await expect(failing).rejects.toThrow('no such thing');
    expect(await after).toBe('done');
  });

  test('waits for another process, no longer than its time', async () => {
    const { add } = createTurns({ timeoutMs: 30 });
    let isHeld = true;
    const waiting = add(() => (isHeld ? held() : 'done'));
    await aTurn();
    isHeld = false;
    expect(await waiting).toBe('done');
    await expect(add(held)).rejects.toMatchObject({ code: 'contention', cause: { errcode: 5 } });
  });

  test('is done at the end if it waits, unless it is still in the way of another process', async () => {
    const { add, end } = createTurns({ timeoutMs: 1000 });
    const waiting = add(() => 'done');
    const inTheWay = add(held);
    end(new Error('ended'));
    expect(await waiting).toBe('done');
    await expect(inTheWay).rejects.toThrow('ended');
  });
});

test('a read is done at once, before what waits, and again if another process is in the way', async () => {
  const turns = createTurns({ timeoutMs: 1000 });
  const done: string[] = [];
  const waiting = turns.add(() => done.push('write'));
  const read = readInTurn(turns, () => done.push('read'));
  expect(done).toEqual(['read']);
  await Promise.all([waiting, read]);
  let attempts = 0;
  const again = readInTurn(turns, () => {
    attempts += 1;
    return attempts < 3 ? held() : 'read';
  });
  expect(await again).toBe('read');
  await expect(readInTurn(turns, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});
