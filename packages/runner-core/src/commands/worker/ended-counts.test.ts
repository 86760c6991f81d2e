import { describe, expect, test } from 'vitest';
import { commandId, listed, workerRig } from '../../../test/worker-rig.js';
import { EndedCounts } from './ended-counts.js';

describe('the counts of ended commands', () => {
  test('are kept by kind and outcome, and all unknown kinds together', () => {
    const counts = new EndedCounts();
    expect(counts.all).toBeUndefined();
    for (const kind of ['blink', 'blink', 'dance', 'sing']) counts.add(kind, 'succeeded');
    counts.add('blink', 'refused');
    counts.add('blink', 'an outcome of a later version');
    expect(counts.all).toEqual([
      { kind: 'blink', outcome: 'succeeded', count: 2 },
      { kind: 'other', outcome: 'succeeded', count: 2 },
      { kind: 'blink', outcome: 'refused', count: 1 },
    ]);
  });

  test('are told by the worker, and its record says when each command was taken', async () => {
    const { worker, heartbeat, journal } = workerRig({ accepted: { kinds: [], force: false } });
    heartbeat([listed(1, { kind: 'reboot' }), listed(2, { kind: 'dance' })]);
    await worker.closed();
    expect(worker.overview.ended).toEqual([
      { kind: 'reboot', outcome: 'refused', count: 1 },
      { kind: 'other', outcome: 'unsupported', count: 1 },
    ]);
    expect(journal.stored?.entries).toMatchObject([
      { id: commandId(1), takenAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      { id: commandId(2) },
    ]);
  });
});
