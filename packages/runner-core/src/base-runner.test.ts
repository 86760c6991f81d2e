import { describe, expect, it } from 'vitest';
import { simulate } from '../test/simulation.js';

describe('a new node', () => {
  it('registers at once, stores its token, and heartbeats with it at once', async () => {
    const { runner, clock, cloudly, store } = simulate();
    await runner.start();
    await clock.advance(0);
    expect(cloudly.registers).toMatchObject([{ atMs: 0, joinToken: 'join-token' }]);
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('token-1');
    expect(cloudly.heartbeats).toMatchObject([{ atMs: 0, nodeToken: 'token-1', request: { sequence: 1 } }]);
    await clock.advance(120_000);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs)).toEqual([0, 60_000, 120_000]);
    const stopped = runner.stop();
    await clock.advance(500);
    await stopped;
    expect(store.isClosed).toBe(true);
  });
});
