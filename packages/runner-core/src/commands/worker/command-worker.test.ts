import { describe, expect, test } from 'vitest';
import type { Watched } from '../actions/command-action.js';
import type { CommandVerdict } from '../policy/on-command.js';
import { FakeAction } from '../../../test/fake-action.js';
import { commandId, FakeJournal, listed, viewOfNothing, workerRig } from '../../../test/worker-rig.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const goesOn: Watched = { kind: 'goes-on', phase: 'restarting', madeProgress: false };

describe('a command', () => {
  test('is asked once, watched, and ends with its outcome and the time that it took', async () => {
    const rig = workerRig();
    const { clock, action, asks, worker } = rig;
    let looks = 0;
    action.onWatch = () => ((looks += 1) < 3 ? goesOn : { kind: 'ended', ending: { outcome: 'succeeded' } });
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(10 * SECOND_MS);
    expect(asks).toEqual(['reboot']);
    expect(worker.results).toEqual([{ id: commandId(1), outcome: 'succeeded', durationMs: 6000 }]);
  });

  test('is not begun again while its result is on its way, and after', async () => {
    const { clock, asks, heartbeat } = workerRig();
    const command = listed(1, { kind: 'reboot' });
    for (let count = 0; count < 5; count += 1) {
      heartbeat([command]);
      await clock.advance(MINUTE_MS);
    }
    expect(asks).toEqual(['reboot']);
  });

  test('is noted as asked before the Supervisor is asked', async () => {
    const { clock, action, journal, heartbeat } = workerRig();
    let states: string[] = [];
    action.onAsk = () => {
      states = journal.stored?.entries.map(({ state }) => state) ?? [];
      return { kind: 'accepted' };
    };
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(states).toEqual(['asked']);
  });

  test('waits again after a no, and its journal says so', async () => {
    const { clock, action, asks, journal, heartbeat, worker } = workerRig();
    action.onAsk = () => FakeAction.locked('main');
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(journal.stored?.entries.map(({ state }) => state)).toEqual(['taken']);
    expect(worker.running).toMatchObject({ phase: 'waiting-for-lock', reason: 'main holds its lock.' });
    await clock.advance(5 * MINUTE_MS - SECOND_MS);
    expect(asks.length).toBe(21);
    await clock.advance(10 * MINUTE_MS);
    expect(asks.length).toBe(23);
  });

  test('is said to wait once its journal says that it was not asked', async () => {
    const { clock, action, journal, heartbeat, worker } = workerRig();
    action.onAsk = () => FakeAction.locked('main');
    const seen: [string | undefined, string[] | undefined][] = [];
    journal.before = async () => {
      seen.push([worker.running?.phase, journal.stored?.entries.map(({ state }) => state)]);
    };
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(seen.filter(([, states]) => states?.includes('asked'))).toEqual([[undefined, ['asked']]]);
    expect(worker.running?.phase).toBe('waiting-for-lock');
  });

  test('that the Supervisor is at already is watched without an ask, and what it waits for is told', async () => {
    const { clock, action, asks, heartbeat, outcomes, worker } = workerRig();
    let tries = 0;
    action.onPrepare = () => {
      tries += 1;
      return tries === 1
        ? { kind: 'wait', phase: 'downloading', reason: 'It downloads.', progressPercent: 40, retryMs: 10 * SECOND_MS }
        : { kind: 'follow', notes: { containers: {} } };
    };
    const accepted: boolean[] = [];
    action.onWatch = (_command, _notes, _view, since) => {
      accepted.push(since.accepted);
      return accepted.length < 2 ? goesOn : { kind: 'ended', ending: { outcome: 'succeeded' } };
    };
    heartbeat([listed(1, { kind: 'update' })]);
    await clock.advance(SECOND_MS);
    expect(worker.running).toMatchObject({ phase: 'downloading', progressPercent: 40 });
    await clock.advance(20 * SECOND_MS);
    expect([asks, accepted, outcomes()]).toEqual([[], [true, true], { 1: 'succeeded' }]);
  });

  test('that Cloudly no longer lists is dropped without a result while it waits', async () => {
    const { clock, action, asks, heartbeat, outcomes, worker, lines } = workerRig();
    action.onAsk = () => FakeAction.locked('main');
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    heartbeat([]);
    await clock.advance(MINUTE_MS);
    expect([asks.length, outcomes(), worker.running]).toEqual([1, {}, undefined]);
    expect(lines.at(-1)?.message).toBe(
      'Cloudly\'s command "reboot" is dropped before it began. Cloudly no longer lists it: it was cancelled, or its time is over.',
    );
  });

  test('that has not begun is dropped where Cloudly may no longer want it, and taken when it is listed again', async () => {
    const { clock, action, asks, heartbeat, outcomes, worker, journal, lines } = workerRig();
    action.onAsk = ({ kind }) => (kind === 'reboot' ? FakeAction.locked('main') : { kind: 'accepted' });
    action.onWatch = () => goesOn;
    heartbeat([listed(1, { kind: 'update' }), listed(2, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    worker.dropWaiting('Cloudly has revoked this node.');
    await clock.advance(MINUTE_MS);
    expect([asks, worker.running?.id]).toEqual([['update'], commandId(1)]);
    expect(journal.stored?.entries.map(({ id }) => id)).toEqual([commandId(1)]);
    expect(lines.at(-1)?.message).toMatch(/"reboot" is dropped .* has revoked this node\.$/);
    action.onWatch = () => ({ kind: 'ended', ending: { outcome: 'succeeded' } });
    await clock.advance(SECOND_MS * 3);
    heartbeat([listed(2, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect([asks, outcomes()]).toEqual([['update', 'reboot'], {}]);
  });

  test('whose ask is under way then ends with what the Supervisor says: a no ends it', async () => {
    const { clock, action, asks, heartbeat, outcomes, worker, journal } = workerRig();
    action.onAsk = async () => {
      await clock.sleep(5 * SECOND_MS, new AbortController().signal);
      return FakeAction.locked('main');
    };
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    worker.dropWaiting('Cloudly has revoked this node.');
    await clock.advance(MINUTE_MS);
    expect([asks, outcomes(), worker.running, journal.stored?.entries]).toEqual([['reboot'], {}, undefined, []]);
  });

  test('that waits is said to begin once it does', async () => {
    const { clock, action, heartbeat, lines } = workerRig();
    let tries = 0;
    action.onAsk = () => ((tries += 1) < 2 ? FakeAction.locked('main') : { kind: 'accepted' });
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(MINUTE_MS);
    expect(lines.map(({ message }) => message)).toEqual([
      'Cloudly\'s command "reboot" waits. main holds its lock.',
      'Cloudly\'s command "reboot" begins.',
      'Cloudly\'s command "reboot" succeeded.',
    ]);
  });

  test('whose call takes its time is said to begin before the answer', async () => {
    const { clock, action, heartbeat, lines } = workerRig();
    action.onAsk = async () => {
      await clock.sleep(10 * SECOND_MS, new AbortController().signal);
      return { kind: 'accepted' };
    };
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(3 * SECOND_MS);
    expect(lines.map(({ message }) => message)).toEqual(['Cloudly\'s command "reboot" begins.']);
    await clock.advance(MINUTE_MS);
    expect(lines.filter(({ message }) => message.endsWith('begins.'))).toHaveLength(1);
  });

  test('that stops a service says so while it does, because its phase is a restart', async () => {
    const { clock, action, heartbeat, worker } = workerRig();
    action.onAsk = async () => new Promise(() => undefined);
    heartbeat([listed(1, { kind: 'stop-service', service: 'main' })]);
    await clock.advance(SECOND_MS);
    expect(worker.running).toMatchObject({ phase: 'restarting', reason: 'The Supervisor was asked to stop main.' });
  });

  test('that Cloudly no longer lists goes on once it was asked', async () => {
    const { clock, action, heartbeat, outcomes } = workerRig();
    let looks = 0;
    action.onWatch = () => ((looks += 1) < 3 ? goesOn : { kind: 'ended', ending: { outcome: 'succeeded' } });
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    heartbeat([]);
    await clock.advance(MINUTE_MS);
    expect(outcomes()).toEqual({ 1: 'succeeded' });
  });

  test('whose time is over before it could begin ends as expired, and says what it waited for', async () => {
    const { clock, action, heartbeat, worker } = workerRig();
    action.onAsk = () => FakeAction.locked('main');
    heartbeat([listed(1, { kind: 'reboot' }, { expiresInMs: 20 * SECOND_MS })]);
    await clock.advance(MINUTE_MS);
    expect(worker.results).toMatchObject([
      { outcome: 'expired', error: { message: expect.stringContaining('main holds its lock.') } },
    ]);
  });

  test('has its time counted from when the request was sent, whatever the wall clock does', async () => {
    const { clock, asks, worker, outcomes } = workerRig();
    const sentMs = clock.monotonicMs();
    await clock.advance(10 * SECOND_MS);
    clock.jumpWall(-86_400_000);
    const commands = [listed(1, { kind: 'reboot' }, { expiresInMs: 10 * SECOND_MS })];
    worker.follow({ desiredState: { commands }, mayCommand: true, listsAll: true, sentMs, deliveredResults: [] });
    await clock.advance(SECOND_MS);
    expect([asks, outcomes()]).toEqual([[], { 1: 'expired: expired' }]);
  });

  test('that takes too long fails, or is interrupted if nothing can tell', async () => {
    const { clock, action, heartbeat, outcomes } = workerRig();
    action.onWatch = () => goesOn;
    heartbeat([listed(1, { kind: 'restart-app', timeoutMs: 10 * SECOND_MS })]);
    await clock.advance(9 * SECOND_MS);
    expect(outcomes()).toEqual({});
    await clock.advance(4 * SECOND_MS);
    expect(outcomes()).toEqual({ 1: 'failed: timed-out' });
    action.timedOut = 'interrupted';
    heartbeat([listed(2, { kind: 'reboot', timeoutMs: 10 * SECOND_MS })]);
    await clock.advance(MINUTE_MS);
    expect(outcomes()).toEqual({ 2: 'interrupted: timed-out' });
  });

  test('may use the time in which its services must keep running on top', async () => {
    const { clock, action, heartbeat, outcomes } = workerRig();
    action.onWatch = (_command, _notes, _view, { verifying }) =>
      (verifying?.sinceMs ?? 0) >= 60_000
        ? { kind: 'ended', ending: { outcome: 'succeeded' } }
        : { ...goesOn, phase: 'verifying' };
    heartbeat([listed(1, { kind: 'update', timeoutMs: 5 * SECOND_MS, soakMs: 60_000 })]);
    await clock.advance(2 * MINUTE_MS);
    expect(outcomes()).toEqual({ 1: 'succeeded' });
  });

  test('whose call never returns ends with its time, and does not keep the next one', async () => {
    const { clock, action, asks, heartbeat, outcomes } = workerRig();
    action.onAsk = async () => (asks.length === 1 ? new Promise(() => undefined) : { kind: 'accepted' });
    action.onWatch = () => (asks.length === 1 ? goesOn : { kind: 'ended', ending: { outcome: 'succeeded' } });
    heartbeat([listed(1, { kind: 'restart-app', timeoutMs: 10 * SECOND_MS }), listed(2, { kind: 'reboot' })]);
    await clock.advance(MINUTE_MS);
    expect(outcomes()).toEqual({ 1: 'interrupted: timed-out', 2: 'succeeded' });
  });

  test('without its service is malformed, and one of an unknown kind is unsupported', async () => {
    const { clock, asks, heartbeat, outcomes } = workerRig();
    heartbeat([listed(1, { kind: 'restart-service' }), listed(2, { kind: 'dance' }), listed(3, { kind: 'preview' })]);
    await clock.advance(SECOND_MS);
    expect(asks).toEqual([]);
    expect(outcomes()).toEqual({ 1: 'failed: malformed', 2: 'unsupported: unsupported', 3: 'failed: malformed' });
  });

  test('that the device does not accept is refused', async () => {
    const { clock, asks, heartbeat, outcomes } = workerRig({ accepted: { kinds: ['reboot'], force: false } });
    heartbeat([listed(1, { kind: 'update' }), listed(2, { kind: 'reboot', force: true })]);
    await clock.advance(SECOND_MS);
    expect([asks, outcomes()]).toEqual([[], { 1: 'refused: not-accepted', 2: 'refused: not-accepted' }]);
  });

  test('is unsupported where nothing can be carried out', async () => {
    const { clock, heartbeat, outcomes } = workerRig({ device: undefined });
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(outcomes()).toEqual({ 1: 'unsupported: unsupported' });
  });

  test('that runs into a bug ends, and the others go on', async () => {
    const { clock, action, heartbeat, outcomes } = workerRig();
    action.onPrepare = ({ kind }) => {
      if (kind === 'reboot') throw new Error('bug');
      return { kind: 'ready', notes: { containers: {} } };
    };
    heartbeat([listed(1, { kind: 'reboot' }), listed(2, { kind: 'blink' })]);
    await clock.advance(SECOND_MS);
    expect(outcomes()).toEqual({ 1: 'failed: internal-error', 2: 'succeeded' });
  });
});

describe('turns', () => {
  test('one command is asked at a time, in the order in which Cloudly lists them', async () => {
    const { clock, action, asks, heartbeat } = workerRig();
    action.onWatch = (_command, _notes, _view, { askedMsAgo }) =>
      askedMsAgo < 10 * SECOND_MS ? goesOn : { kind: 'ended', ending: { outcome: 'succeeded' } };
    heartbeat([listed(2, { kind: 'restart-app' }), listed(1, { kind: 'reboot' })]);
    await clock.advance(5 * SECOND_MS);
    expect(asks).toEqual(['restart-app']);
    await clock.advance(10 * SECOND_MS);
    expect(asks).toEqual(['restart-app', 'reboot']);
  });

  test('a command that waits gives its turn away', async () => {
    const { clock, action, asks, heartbeat, outcomes } = workerRig();
    action.onAsk = ({ kind }) => (kind === 'restart-app' ? FakeAction.locked('main') : { kind: 'accepted' });
    heartbeat([listed(1, { kind: 'restart-app' }), listed(2, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect([asks, outcomes()]).toEqual([['restart-app', 'reboot'], { 2: 'succeeded' }]);
  });

  test('blink and preview pass an update that is followed, and nothing else does', async () => {
    const { clock, action, asks, heartbeat, outcomes } = workerRig();
    action.onWatch = ({ kind }) => (kind === 'update' ? goesOn : { kind: 'ended', ending: { outcome: 'succeeded' } });
    heartbeat([
      listed(1, { kind: 'update' }),
      listed(2, { kind: 'reboot' }),
      listed(3, { kind: 'blink' }),
      listed(4, { kind: 'preview' }, { of: { kind: 'reboot' } }),
    ]);
    await clock.advance(10 * SECOND_MS);
    expect([asks, outcomes()]).toEqual([['update', 'blink'], { 3: 'succeeded', 4: 'succeeded' }]);
  });
});

describe('an agent that starts again', () => {
  test('forgets what waited, and takes it when Cloudly lists it again', async () => {
    const rig = workerRig();
    const { clock, action, asks } = rig;
    action.onAsk = () => FakeAction.locked('main');
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    rig.kill();
    rig.start();
    await clock.advance(MINUTE_MS);
    expect(asks.length).toBe(1);
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(asks.length).toBe(2);
  });

  test('watches what was asked, and never asks again', async () => {
    const rig = workerRig();
    const { clock, action, asks } = rig;
    action.onWatch = (_command, _notes, _view, { restarted }) =>
      restarted ? { kind: 'ended', ending: { outcome: 'succeeded' } } : goesOn;
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    rig.kill();
    rig.start();
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect([asks, rig.outcomes()]).toEqual([['reboot'], { 1: 'succeeded' }]);
  });

  test('ends what nothing can tell as interrupted', async () => {
    const rig = workerRig();
    const { clock, action, asks } = rig;
    action.onWatch = () => goesOn;
    action.survivesRestart = false;
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    rig.kill();
    rig.start();
    await clock.advance(0);
    expect([asks, rig.outcomes()]).toEqual([['reboot'], { 1: 'interrupted: agent-restarted' }]);
  });

  test('has told nothing that its journal does not say', async () => {
    const rig = workerRig({ accepted: { kinds: [], force: false } });
    let onStored = (): void => undefined;
    rig.journal.before = async () =>
      new Promise((resolve) => {
        onStored = resolve;
      });
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await rig.clock.advance(SECOND_MS);
    expect([rig.outcomes(), rig.news]).toEqual([{}, 0]);
    onStored();
    await rig.clock.advance(0);
    expect([rig.outcomes(), rig.news]).toEqual([{ 1: 'refused: not-accepted' }, 1]);
    expect(rig.journal.stored?.entries).toMatchObject([{ state: 'ended' }]);
  });

  test('counts the time from before within one boot of the kernel', async () => {
    const rig = workerRig();
    const { clock, action } = rig;
    action.onWatch = () => goesOn;
    rig.heartbeat([listed(1, { kind: 'restart-app', timeoutMs: 100 * SECOND_MS })]);
    await clock.advance(50 * SECOND_MS);
    rig.kill();
    rig.start();
    await clock.advance(45 * SECOND_MS);
    expect(rig.outcomes()).toEqual({});
    await clock.advance(10 * SECOND_MS);
    expect(rig.outcomes()).toEqual({ 1: 'interrupted: timed-out' });
  });

  test('counts the rest from there after a restart of the device', async () => {
    const rig = workerRig();
    const { clock, action } = rig;
    action.onWatch = () => goesOn;
    rig.heartbeat([listed(1, { kind: 'restart-app', timeoutMs: 100 * SECOND_MS })]);
    // The time is stored every minute.
    await clock.advance(70 * SECOND_MS);
    rig.kill();
    rig.uptime = { kernelBootId: 'boot-2', offsetMs: -clock.monotonicMs() };
    rig.start();
    await clock.advance(35 * SECOND_MS);
    expect(rig.outcomes()).toEqual({});
    await clock.advance(10 * SECOND_MS);
    expect(rig.outcomes()).toEqual({ 1: 'interrupted: timed-out' });
  });

  test('knows whether it was told to stop before', async () => {
    const rig = workerRig();
    const { clock, action } = rig;
    action.onWatch = (_command, _notes, _view, { sawOwnStop }) =>
      sawOwnStop ? { kind: 'ended', ending: { outcome: 'succeeded' } } : goesOn;
    rig.heartbeat([listed(1, { kind: 'restart-service', service: 'baserunner' })]);
    await clock.advance(SECOND_MS);
    await rig.worker.noteStop();
    rig.kill();
    rig.start();
    await clock.advance(SECOND_MS);
    expect(rig.outcomes()).toEqual({ 1: 'succeeded' });
  });

  test('sends a result until a 200 takes it, and not after', async () => {
    const rig = workerRig();
    const { clock, journal } = rig;
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    rig.kill();
    rig.start();
    expect(rig.outcomes()).toEqual({ 1: 'succeeded' });
    rig.heartbeat([]);
    await clock.advance(SECOND_MS);
    rig.kill();
    rig.start();
    expect([rig.outcomes(), journal.stored?.entries.map(({ state }) => state)]).toEqual([{}, ['told']]);
  });

  test('asks a second time for an update without force whose fate is open, once that changes nothing', async () => {
    const rig = workerRig();
    const { clock, action, asks } = rig;
    action.onWatch = () => ({ ...goesOn, phase: 'downloading' });
    rig.heartbeat([listed(1, { kind: 'update' })]);
    await clock.advance(SECOND_MS);
    rig.kill();
    rig.start();
    await clock.advance(MINUTE_MS);
    expect(asks.length).toBe(1);
    action.onMayAskAgain = () => true;
    await clock.advance(10 * MINUTE_MS);
    expect(asks.length).toBe(2);
  });

  test('never asks a second time for a forced update', async () => {
    const rig = workerRig();
    const { clock, action, asks } = rig;
    action.onWatch = () => goesOn;
    action.onMayAskAgain = () => true;
    action.onAsk = () => ({ kind: 'unknown' });
    rig.heartbeat([listed(1, { kind: 'update', force: true })]);
    await clock.advance(10 * MINUTE_MS);
    rig.kill();
    rig.start();
    await clock.advance(10 * MINUTE_MS);
    expect(asks).toEqual(['update']);
  });
});

describe('a journal that may lack a command', () => {
  test('ends the commands of the first list as interrupted, and none after it', async () => {
    const journalOf = new FakeJournal();
    journalOf.isEnrolled = true;
    const { clock, asks, heartbeat, outcomes } = workerRig({ journalOf });
    heartbeat([listed(1, { kind: 'reboot' }), listed(2, { kind: 'blink' })]);
    await clock.advance(SECOND_MS);
    expect([asks, outcomes()]).toEqual([[], { 1: 'interrupted: journal-lost', 2: 'interrupted: journal-lost' }]);
    heartbeat([listed(3, { kind: 'blink' })]);
    await clock.advance(SECOND_MS);
    expect(outcomes()).toEqual({ 3: 'succeeded' });
  });

  test('is not trusted by a later agent either, until an answer has listed what is due', async () => {
    const journalOf = new FakeJournal();
    const rig = workerRig({ journalOf });
    // What the copy says of a command that was begun.
    const taken = { id: commandId(1), kind: 'reboot' };
    journalOf.stored = { entries: [{ state: 'taken', id: commandId(1), command: taken }], isIncomplete: true };
    for (let start = 0; start < 2; start += 1) {
      rig.kill();
      rig.start();
      await rig.clock.advance(SECOND_MS);
      expect(journalOf.stored).toMatchObject({ entries: [], isIncomplete: true });
    }
    rig.heartbeat([listed(1, { kind: 'reboot' })]);
    await rig.clock.advance(SECOND_MS);
    expect([rig.asks, rig.outcomes()]).toEqual([[], { 1: 'interrupted: journal-lost' }]);
    expect(journalOf.stored).not.toHaveProperty('isIncomplete');
  });

  test('lacks none if a heartbeat that lists all commands lists none', async () => {
    const journalOf = new FakeJournal();
    journalOf.isEnrolled = true;
    const { clock, journal, heartbeat, outcomes } = workerRig({ journalOf });
    heartbeat(undefined);
    await clock.advance(SECOND_MS);
    expect(journal.writes.length).toBe(1);
    heartbeat([listed(3, { kind: 'blink' })]);
    await clock.advance(SECOND_MS);
    expect(outcomes()).toEqual({ 3: 'succeeded' });
  });
});

describe('a disk that refuses the journal', () => {
  test('postpones the command and says why, until it takes it', async () => {
    const { clock, asks, journal, heartbeat, outcomes, worker } = workerRig();
    journal.failure = 'The disk is full.';
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(MINUTE_MS - SECOND_MS);
    expect(worker.running).toMatchObject({ phase: 'postponed', reason: 'The disk is full. Free some space.' });
    expect([asks, worker.overview.problem?.message]).toEqual([[], 'The disk is full.']);
    journal.failure = undefined;
    await clock.advance(MINUTE_MS);
    expect([asks, outcomes(), worker.overview.problem]).toEqual([['reboot'], { 1: 'succeeded' }, undefined]);
  });

  test('is tried once more before the command expires', async () => {
    const { clock, asks, journal, heartbeat, outcomes } = workerRig();
    journal.failure = 'The disk is full.';
    heartbeat([listed(1, { kind: 'reboot' }, { expiresInMs: 50 * SECOND_MS })]);
    await clock.advance(40 * SECOND_MS);
    journal.failure = undefined;
    await clock.advance(MINUTE_MS);
    expect([asks, outcomes()]).toEqual([['reboot'], { 1: 'succeeded' }]);
  });

  test('does not hold an update without force, which may mend it', async () => {
    const { clock, asks, journal, heartbeat } = workerRig();
    journal.failure = 'The disk is full.';
    heartbeat([listed(1, { kind: 'update', force: true }), listed(2, { kind: 'update' })]);
    await clock.advance(SECOND_MS);
    expect(asks.length).toBe(1);
  });

  test('that fails in a program’s own journal postpones it, too', async () => {
    const { clock, asks, journal, heartbeat, worker } = workerRig();
    journal.before = async () => Promise.reject(new Error('no'));
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect([asks, worker.running?.phase]).toEqual([[], 'postponed']);
  });

  test('that hangs postpones it, too', async () => {
    const { clock, asks, journal, heartbeat, worker } = workerRig();
    journal.before = async () => new Promise(() => undefined);
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(40 * SECOND_MS);
    expect([asks, worker.running?.phase]).toEqual([[], 'postponed']);
  });

  test('does not keep a result from being told, and gets it later', async () => {
    const { clock, action, journal, heartbeat, outcomes } = workerRig();
    action.onWatch = () => {
      journal.failure = 'The disk is full.';
      return { kind: 'ended', ending: { outcome: 'succeeded' } };
    };
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(outcomes()).toEqual({ 1: 'succeeded' });
    journal.failure = undefined;
    await clock.advance(5 * MINUTE_MS);
    expect(journal.stored?.entries.map(({ state }) => state)).toEqual(['ended']);
  });
});

describe('results', () => {
  test('that were refused go one at a time, then as the least, then not at all', async () => {
    const { clock, heartbeat, worker, lines } = workerRig();
    heartbeat([listed(1, { kind: 'blink' }), listed(2, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    worker.refused(worker.results, { isAlone: false });
    expect(worker.results.map(({ id }) => id)).toEqual([commandId(1)]);
    worker.refused(worker.results, { isAlone: true });
    expect(worker.results).toEqual([{ id: commandId(1), outcome: 'succeeded' }]);
    worker.refused(worker.results, { isAlone: true });
    expect(worker.results).toMatchObject([{ id: commandId(2), durationMs: 0 }]);
    heartbeat([listed(1, { kind: 'blink' })]);
    expect(worker.results).toEqual([]);
    expect(lines.some(({ level, message }) => level === 'error' && message.includes('refuses the result'))).toBe(true);
  });

  test('keep why they did not succeed after they were told: the newest hundred', async () => {
    const { clock, journal, heartbeat } = workerRig();
    for (let number = 1; number <= 101; number += 1) {
      heartbeat([listed(number, { kind: 'dance' })]);
      await clock.advance(SECOND_MS);
    }
    heartbeat([]);
    await clock.advance(SECOND_MS);
    const told = journal.stored?.entries ?? [];
    expect(told.map((entry) => entry.state === 'told' && entry.message === undefined)).toEqual([
      true,
      ...Array.from({ length: 100 }, () => false),
    ]);
    expect(told.at(-1)).toMatchObject({ message: expect.stringContaining('does not carry out "dance"') });
  });

  test('that Cloudly has lost are sent again in short, without a write', async () => {
    const { clock, journal, heartbeat, outcomes } = workerRig();
    heartbeat([listed(1, { kind: 'dance' })]);
    await clock.advance(SECOND_MS);
    heartbeat([]);
    await clock.advance(SECOND_MS);
    const writes = journal.writes.length;
    heartbeat([listed(1, { kind: 'dance' })]);
    expect(outcomes()).toEqual({ 1: 'unsupported: unsupported' });
    heartbeat([]);
    await clock.advance(SECOND_MS);
    expect([outcomes(), journal.writes.length]).toEqual([{}, writes]);
  });
});

describe('what a program on the device says', () => {
  test('refuses a command with its reason', async () => {
    const { clock, asks, heartbeat, worker } = workerRig({ onCommand: () => ({ refuse: 'The robot is moving.' }) });
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(asks).toEqual([]);
    expect(worker.results).toMatchObject([
      { outcome: 'refused', error: { code: 'refused-by-device', message: 'The robot is moving.' } },
    ]);
  });

  test('postpones it for a minute, and is asked anew', async () => {
    let isMoving = true;
    const asked: string[] = [];
    const { clock, asks, heartbeat, worker } = workerRig({
      onCommand: ({ kind }) => {
        asked.push(kind);
        return isMoving ? { postpone: 'The robot is moving.' } : 'run';
      },
    });
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(worker.running).toMatchObject({ phase: 'postponed', reason: 'The robot is moving.' });
    isMoving = false;
    await clock.advance(MINUTE_MS);
    expect([asked.length, asks]).toEqual([2, ['reboot']]);
  });

  test.each([
    ['an error', () => Promise.reject(new Error('no'))],
    ['silence', async () => new Promise<'run'>(() => undefined)],
    ['nonsense', () => 'maybe' as 'run'],
  ])('counts as a postponement if it is %s', async (_what, onCommand) => {
    const { clock, asks, heartbeat, worker } = workerRig({ onCommand });
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(40 * SECOND_MS);
    expect([asks, worker.running?.phase]).toEqual([[], 'postponed']);
  });

  test('is shown to be waited for, and what keeps the program from deciding until it has', async () => {
    let verdict: CommandVerdict = 'run';
    const { clock, asks, heartbeat, worker } = workerRig({
      onCommand: async () => {
        await clock.sleep(10 * SECOND_MS, new AbortController().signal);
        return verdict;
      },
    });
    const problem = { code: 'hook-too-slow', message: 'It is slow.', remedy: 'Make it faster.' };
    verdict = { postpone: 'It is slow.', problem };
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    expect(worker.running).toBeUndefined();
    await clock.advance(2 * SECOND_MS);
    expect(worker.running).toMatchObject({ phase: 'postponed', reason: expect.stringContaining('decides whether') });
    await clock.advance(8 * SECOND_MS);
    expect([worker.running?.reason, worker.overview.undecided]).toEqual(['It is slow.', problem]);
    verdict = 'run';
    await clock.advance(2 * MINUTE_MS);
    expect([asks, worker.overview.undecided]).toEqual([['reboot'], undefined]);
  });

  test('does not begin a command that was cancelled in the meantime', async () => {
    const { clock, asks, heartbeat } = workerRig({
      onCommand: async () =>
        new Promise(
          (resolve) => void clock.sleep(10 * SECOND_MS, new AbortController().signal).then(() => resolve('run')),
        ),
    });
    heartbeat([listed(1, { kind: 'reboot' })]);
    await clock.advance(SECOND_MS);
    heartbeat([]);
    await clock.advance(MINUTE_MS);
    expect(asks).toEqual([]);
  });
});

describe('the gate', () => {
  test('is told before a command is asked, when that is in the journal, once it is accepted, and after it has ended', async () => {
    const told: string[] = [];
    const { clock, asks, journal, heartbeat } = workerRig({
      gate: {
        beforeAsk: async ({ kind }) => {
          told.push(
            `before ${kind}: ${journal.stored?.entries.map(({ state }) => state).join()}, ${asks.length} asked`,
          );
          return undefined;
        },
        hear: () => undefined,
        onAccepted: ({ kind }) => void told.push(`accepted ${kind}`),
        onPhase: ({ kind }, phase) => void told.push(`${phase} ${kind}`),
        afterAsked: ({ kind }) => void told.push(`after ${kind}`),
      },
    });
    heartbeat([listed(1, { kind: 'update' })]);
    await clock.advance(SECOND_MS);
    expect(told).toEqual(['before update: asked, 0 asked', 'accepted update', 'after update']);
  });

  test('can end a command, or let it wait', async () => {
    let waits = 0;
    const { clock, asks, heartbeat, outcomes, worker } = workerRig({
      gate: {
        beforeAsk: async ({ kind }) =>
          kind === 'reboot'
            ? { kind: 'end', ending: { outcome: 'refused', error: { code: 'gate-closed', message: 'Closed.' } } }
            : { kind: 'wait', phase: 'postponed', reason: `Try ${(waits += 1)}.`, retryMs: 10_000 },
        hear: () => undefined,
        onAccepted: () => undefined,
        onPhase: () => undefined,
        afterAsked: () => undefined,
      },
    });
    heartbeat([listed(1, { kind: 'reboot' }), listed(2, { kind: 'update' })]);
    await clock.advance(15 * SECOND_MS);
    expect([asks, outcomes(), worker.running?.reason]).toEqual([[], { 1: 'refused: gate-closed' }, 'Try 2.']);
  });
});

describe('settings.updates', () => {
  test('is kept in the journal, and stays if it is absent', async () => {
    const rig = workerRig();
    const { clock } = rig;
    rig.heartbeat([], { updates: 'gated' });
    await clock.advance(SECOND_MS);
    rig.heartbeat([], {});
    rig.kill();
    rig.start();
    expect(rig.worker.updates).toBe('gated');
    rig.heartbeat([], { updates: 'own' });
    expect(rig.worker.updates).toBeUndefined();
  });

  test('does not count where Cloudly may not update the device', () => {
    const { heartbeat, worker } = workerRig({ accepted: { kinds: ['reboot'], force: false } });
    heartbeat([], { updates: 'gated' });
    expect(worker.updates).toBeUndefined();
  });
});

test('without a command there is no timer and no write', async () => {
  const { clock, journal, heartbeat } = workerRig();
  heartbeat([]);
  await clock.advance(SECOND_MS);
  expect(journal.writes.length).toBe(1);
  for (let count = 0; count < 10; count += 1) {
    heartbeat(undefined);
    await clock.advance(MINUTE_MS);
    expect(clock.sleeping).toBe(0);
  }
  expect(journal.writes.length).toBe(1);
});

test('each change of phase is news, and a wait behind a lock is none after the first', async () => {
  const rig = workerRig();
  rig.action.onAsk = () => FakeAction.locked('main');
  rig.heartbeat([listed(1, { kind: 'reboot' })]);
  await rig.clock.advance(SECOND_MS);
  const before = rig.news;
  await rig.clock.advance(60 * MINUTE_MS - 10 * SECOND_MS);
  expect([before, rig.news]).toEqual([2, 2]);
  expect(rig.view).toBe(viewOfNothing);
});
