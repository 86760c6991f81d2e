import { describe, expect, test } from 'vitest';
import { appView, service } from '../../../test/device-views.js';
import { judgeSoak, type SoakParts } from './soak.js';

const running = appView();

function soakOf(changes: Partial<SoakParts>) {
  return judgeSoak({
    names: ['main', 'baserunner'],
    from: running,
    now: running,
    heldMs: 0,
    soakMs: 60_000,
    ...changes,
  });
}

describe('services that run', () => {
  test.each([
    ['go on until the time is over', { heldMs: 59_999 }, 'goes-on'],
    ['have held then', { heldMs: 60_000 }, 'held'],
    ['have held at once without a soak', { soakMs: 0 }, 'held'],
    [
      'may be joined by others',
      { now: appView({ services: [...running.services, service('extra', 1, 'exited')] }) },
      'goes-on',
    ],
    ['do not have to be there if their app no longer has them', { names: ['main', 'removed'], heldMs: 60_000 }, 'held'],
  ])('%s', (_what, changes, expected) => {
    expect(soakOf(changes)).toEqual({ kind: expected });
  });

  test('may hand over: one of two containers is the same', () => {
    const now = appView({ services: [service('main', 2), ...running.services] });
    expect(soakOf({ now })).toEqual({ kind: 'goes-on' });
  });
});

describe('a service is unstable', () => {
  test.each([
    ['if it ends', [service('main', 1, 'exited'), service('baserunner')], 'its container is exited'],
    ['if it crashes', [service('main', 1, 'restarting'), service('baserunner')], 'its container is restarting'],
    ['if it gets another container', [service('main', 2), service('baserunner')], 'it runs in another container'],
    ['if its container goes away', [service('baserunner')], 'it has no container'],
  ])('%s', (_when, services, found) => {
    expect(soakOf({ now: appView({ services }) })).toEqual({ kind: 'unstable', service: 'main', found });
  });

  test('if it did not run at the first look, even when it runs later', () => {
    const from = appView({ services: [service('main', 1, 'exited'), service('baserunner')] });
    expect(soakOf({ from })).toEqual({ kind: 'unstable', service: 'main', found: 'its container is exited' });
    expect(soakOf({ from, now: from, soakMs: 0 })).toMatchObject({ kind: 'unstable' });
  });
});
