import type { CommandResult } from '@serve.zone/baseos-contracts';
import type { CommandRecord } from '../../fleet/command-record.js';
import { COMMANDS_KEPT_MS, type NodeStore } from '../../fleet/node-store.js';
import { behaviour, type NodeStoreBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import { addNode, commandRecord, nodeRecord, NOW_MS, progress } from './fixtures.js';
import { scribbleOver } from './scribble-over.js';

async function setUp(store: NodeStore): Promise<void> {
  await addNode(store, nodeRecord('n'));
  await addNode(store, nodeRecord('m'));
}

async function offeredIds(store: NodeStore, nowMs = NOW_MS, limit = 16) {
  return (await store.offerCommands('n', nowMs, limit)).map(({ id }) => id);
}

function result(id: string, changes: Partial<CommandResult> = {}): CommandResult {
  return {
    id,
    outcome: 'succeeded',
    ...changes,
  };
}

export const commandBehaviours: readonly NodeStoreBehaviour[] = [
  behaviour('keeps a whole command, and the time until which a node may have one', async (store) => {
    await setUp(store);
    const full = commandRecord('c', {
      kind: 'preview',
      of: { kind: 'restart-service', force: false, appId: 7, service: `'; DROP--` },
      commit: 'abc',
      timeoutMs: 1000,
      soakMs: 0,
      endsAtMs: NOW_MS + 100_000,
    });
    expectEqual('the outcome', await store.addCommand('n', full), 'added');
    expectEqual('a bare one', await store.addCommand('n', commandRecord('d', { expiresAtMs: NOW_MS + 1 })), 'added');
    expectEqual('the commands', await store.listCommands('n', 10), [
      commandRecord('d', { expiresAtMs: NOW_MS + 1 }),
      full,
    ]);
    expectEqual('until when', (await store.findNode('n'))?.commandsUntilMs, full.expiresAtMs);
    expectEqual('of the other node', (await store.findNode('m'))?.commandsUntilMs, undefined);
  }),

  behaviour('finds a command of a node by its ID', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    await store.addCommand('n', commandRecord('d', { kind: 'reboot' }));
    await store.addCommand('m', commandRecord('c', { kind: 'blink' }));
    const find = async (nodeId: string, id: string) => (await store.findCommand(nodeId, id))?.kind;
    expectEqual('the first', await store.findCommand('n', 'c'), commandRecord('c'));
    expectEqual('another', await find('n', 'd'), 'reboot');
    expectEqual('of another node', await find('m', 'c'), 'blink');
    expectEqual('one that only another node has', await store.findCommand('m', 'd'), undefined);
    expectEqual('one that differs in case', await store.findCommand('n', 'C'), undefined);
    expectEqual('of an unknown node', await store.findCommand('nobody', 'c'), undefined);
    await store.saveCommandResults('n', [result('c')], NOW_MS);
    expectEqual('its result', (await store.findCommand('n', 'c'))?.result?.outcome, 'succeeded');
  }),

  behaviour('rejects a duplicate command, and one for an unknown node', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    const again = commandRecord('c', { kind: 'reboot' });
    expectEqual('again', await store.addCommand('n', again), 'command-exists');
    expectEqual('the command', await store.listCommands('n', 10), [commandRecord('c')]);
    expectEqual('of another node', await store.addCommand('m', again), 'added');
    expectEqual('of an unknown node', await store.addCommand('nobody', commandRecord('c')), 'node-unknown');
  }),

  behaviour('rejects one command more than may be due', async (store) => {
    await setUp(store);
    const add = (id: string, changes: Partial<CommandRecord> = {}) =>
      store.addCommand('n', commandRecord(id, changes), 2);
    await store.addCommand('n', commandRecord('expired', { expiresAtMs: NOW_MS }));
    await store.addCommand('n', commandRecord('cancelled', { cancelledAtMs: NOW_MS }));
    await store.addCommand('n', commandRecord('finished', { result: { outcome: 'failed', receivedAtMs: NOW_MS } }));
    await store.addCommand('m', commandRecord('other'));
    expectEqual('two', [await add('c'), await add('d')], ['added', 'added']);
    expectEqual('a third', await add('e'), 'too-many-due');
    expectEqual('one that is there', await add('d'), 'command-exists');
    expectEqual('without a limit', await store.addCommand('n', commandRecord('f')), 'added');
    expectEqual('once the others have expired', await add('g', { queuedAtMs: NOW_MS + 60_000 }), 'added');
    expectEqual(
      'the commands',
      (await store.listCommands('n', 10)).map(({ id }) => id),
      ['g', 'f', 'd', 'c', 'finished', 'cancelled', 'expired'],
    );
  }),

  behaviour('adds no more of many simultaneous commands than may be due', async (store) => {
    await setUp(store);
    const ids = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const outcomes = await Promise.all(ids.map((id) => store.addCommand('n', commandRecord(id), 3)));
    expectEqual('those added', outcomes.filter((outcome) => outcome === 'added').length, 3);
    expectEqual('those that are there', (await store.listCommands('n', 20)).length, 3);
  }),

  behaviour('keeps what a node is doing with a command, and gives what it did before', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    const first = progress('waiting-for-lock', NOW_MS + 5);
    const named = commandRecord('c', { listedAtMs: NOW_MS + 5, running: first });
    expectEqual('the first', await store.saveProgress('n', 'c', first), { command: named });
    const { reason: _reason, ...second } = progress('installing', NOW_MS + 6);
    const begun = { ...named, running: second };
    expectEqual('the second', await store.saveProgress('n', 'c', second), { command: begun, before: first });
    expectEqual('offered', await store.offerCommands('n', NOW_MS + 7, 16), [begun]);
    expectEqual('kept', await store.listCommands('n', 10), [begun]);
    expectEqual('of another node', await store.saveProgress('m', 'c', second), undefined);
    expectEqual('of an unknown command', await store.saveProgress('n', 'x', second), undefined);
  }),

  behaviour('keeps no progress of a command that has a result', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    await store.saveCommandResults('n', [result('c')], NOW_MS);
    expectEqual('kept', await store.saveProgress('n', 'c', progress('installing', NOW_MS + 1)), undefined);
    const [command] = await store.listCommands('n', 10);
    expectEqual('the command', [command?.running, command?.listedAtMs], [undefined, undefined]);
  }),

  behaviour('ends commands whose time is up, each once', async (store) => {
    await setUp(store);
    const times = { expiresAtMs: NOW_MS + 10, endsAtMs: NOW_MS + 30 };
    await store.addCommand('n', commandRecord('told', times));
    await store.offerCommands('n', NOW_MS, 16);
    await store.addCommand('n', commandRecord('untold', times));
    await store.addCommand('m', commandRecord('done', times));
    await store.saveCommandResults('m', [result('done')], NOW_MS);
    const end = async (atMs: number) =>
      (await store.endCommands(atMs, 10)).map(({ nodeId, command }) => [nodeId, command.id, command.endedAtMs]);
    expectEqual('before', await end(NOW_MS + 9), []);
    expectEqual('at its expiry', await end(NOW_MS + 10), [['n', 'untold', NOW_MS + 10]]);
    expectEqual('again', await end(NOW_MS + 29), []);
    expectEqual('at its end', await end(NOW_MS + 30), [['n', 'told', NOW_MS + 30]]);
    expectEqual('in the end', await end(NOW_MS + 1000), []);
    const kept = await store.listCommands('n', 10);
    expectEqual(
      'kept',
      kept.map(({ id, endedAtMs }) => [id, endedAtMs]),
      [
        ['untold', NOW_MS + 10],
        ['told', NOW_MS + 30],
      ],
    );
    expectEqual('a later result', (await store.saveCommandResults('n', [result('told')], NOW_MS + 99)).length, 1);
  }),

  behaviour('offers no command whose time was up by an earlier clock', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('ended', { expiresAtMs: NOW_MS + 10 }));
    await store.endCommands(NOW_MS + 10, 10);
    expectEqual('offered', await offeredIds(store, NOW_MS), []);
  }),

  behaviour(
    'ends at most as many commands as are asked for, and each in one of many simultaneous calls',
    async (store) => {
      await setUp(store);
      for (let index = 0; index < 8; index += 1) {
        await store.addCommand(index % 2 === 0 ? 'n' : 'm', commandRecord(`c${index}`, { expiresAtMs: NOW_MS }));
      }
      const first = await store.endCommands(NOW_MS, 3);
      expectEqual('the first', first.length, 3);
      const calls = await Promise.all(Array.from({ length: 6 }, () => store.endCommands(NOW_MS, 100)));
      const rest = await store.endCommands(NOW_MS, 100);
      const ended = [...first, ...calls.flat(), ...rest].map(({ command }) => command.id).toSorted();
      expectEqual('those ended', ended, ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']);
    },
  ),

  behaviour('offers the commands that are due, oldest first, up to the limit', async (store) => {
    await setUp(store);
    for (const [id, queuedAtMs] of Object.entries({ second: 2, first: 1, third: 2 })) {
      await store.addCommand('n', commandRecord(id, { queuedAtMs }));
    }
    expectEqual('two', await offeredIds(store, NOW_MS, 2), ['first', 'second']);
    expectEqual('all', await offeredIds(store), ['first', 'second', 'third']);
    expectEqual('of another node', await store.offerCommands('m', NOW_MS, 16), []);
    expectEqual('of an unknown node', await store.offerCommands('nobody', NOW_MS, 16), []);
  }),

  behaviour('remembers when a command was first listed', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    await store.addCommand('n', commandRecord('d'));
    const listed = [commandRecord('c', { listedAtMs: NOW_MS })];
    expectEqual('listed', await store.offerCommands('n', NOW_MS, 1), listed);
    expectEqual('listed again', await store.offerCommands('n', NOW_MS + 5, 2), [
      ...listed,
      commandRecord('d', { listedAtMs: NOW_MS + 5 }),
    ]);
    expectEqual('kept', (await store.listCommands('n', 10))[1], listed[0]);
  }),

  behaviour('does not offer a command that has expired', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c', { expiresAtMs: NOW_MS + 10 }));
    expectEqual('before', await offeredIds(store, NOW_MS + 9), ['c']);
    expectEqual('from then on', await offeredIds(store, NOW_MS + 10), []);
  }),

  behaviour('does not offer a cancelled command, and keeps the first time of cancellation', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    const cancelled = commandRecord('c', { cancelledAtMs: 5 });
    expectEqual('cancelled', await store.cancelCommand('n', 'c', 5), cancelled);
    expectEqual('cancelled again', await store.cancelCommand('n', 'c', 6), cancelled);
    expectEqual('offered', await offeredIds(store), []);
    expectEqual('of another node', await store.cancelCommand('m', 'c', 5), undefined);
    expectEqual('an unknown one', await store.cancelCommand('n', 'x', 5), undefined);
  }),

  behaviour('keeps the first result of a command only', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    const first = result('c', {
      outcome: 'failed',
      durationMs: 12,
      error: { code: 'locked', message: `a 'lock' "held" 🏠` },
      details: { nested: [1, null, { deep: true }] },
    });
    const { id: _id, ...kept } = first;
    const finished = commandRecord('c', { result: { ...kept, receivedAtMs: NOW_MS + 3 } });
    expectEqual('the first', await store.saveCommandResults('n', [first], NOW_MS + 3), [finished]);
    expectEqual('the second', await store.saveCommandResults('n', [result('c')], NOW_MS + 4), []);
    expectEqual('kept', await store.listCommands('n', 10), [finished]);
    expectEqual('offered', await offeredIds(store), []);
    expectEqual('cancelled too late', await store.cancelCommand('n', 'c', NOW_MS + 5), finished);
  }),

  behaviour('keeps the result of a command that was cancelled or has expired, too', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('cancelled'));
    await store.cancelCommand('n', 'cancelled', NOW_MS);
    await store.addCommand('n', commandRecord('expired', { expiresAtMs: NOW_MS + 1 }));
    const taken = await store.saveCommandResults('n', [result('cancelled'), result('expired')], NOW_MS + 2);
    expectEqual(
      'those taken',
      taken.map(({ id }) => id),
      ['cancelled', 'expired'],
    );
  }),

  behaviour('drops results of commands that the node never had, and keeps the others', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    await store.addCommand('m', commandRecord('d'));
    const results = [result('unknown'), result('d'), result('c'), result('c', { outcome: 'failed' })];
    const taken = await store.saveCommandResults('n', results, NOW_MS);
    const finished = commandRecord('c', { result: { outcome: 'succeeded', receivedAtMs: NOW_MS } });
    expectEqual('those taken', taken, [finished]);
    expectEqual("the other node's", await store.listCommands('m', 10), [commandRecord('d')]);
    expectEqual('of an unknown node', await store.saveCommandResults('nobody', results, NOW_MS), []);
    expectEqual('no results', await store.saveCommandResults('n', [], NOW_MS), []);
  }),

  behaviour('keeps one of many simultaneous results', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('c'));
    const taken = await Promise.all(
      Array.from({ length: 12 }, (_, durationMs) =>
        store.saveCommandResults('n', [result('c', { durationMs })], NOW_MS),
      ),
    );
    expectEqual('those taken', taken.flat().length, 1);
    expectEqual('kept', await store.listCommands('n', 10), taken.flat());
  }),

  behaviour('lists commands, newest first, up to the limit', async (store) => {
    await setUp(store);
    for (const [id, queuedAtMs] of Object.entries({ b: 2, a: 1, c: 2 })) {
      await store.addCommand('n', commandRecord(id, { queuedAtMs }));
    }
    const list = async (limit: number) => (await store.listCommands('n', limit)).map(({ id }) => id);
    expectEqual('all', await list(10), ['c', 'b', 'a']);
    expectEqual('two', await list(2), ['c', 'b']);
  }),

  behaviour('drops commands long after their expiry, and no others', async (store) => {
    await setUp(store);
    await store.addCommand('n', commandRecord('old', { expiresAtMs: NOW_MS }));
    await store.addCommand('n', commandRecord('newer', { expiresAtMs: NOW_MS + 1 }));
    await store.saveCommandResults('n', [result('newer')], NOW_MS);
    await store.cancelCommand('n', 'old', NOW_MS);
    await store.tidy(NOW_MS + COMMANDS_KEPT_MS - 1);
    expectEqual('before', (await store.listCommands('n', 10)).length, 2);
    await store.tidy(NOW_MS + COMMANDS_KEPT_MS);
    expectEqual(
      'after',
      (await store.listCommands('n', 10)).map(({ id }) => id),
      ['newer'],
    );
    await store.tidy(NOW_MS + COMMANDS_KEPT_MS + 1);
    expectEqual('until when there is one', (await store.findNode('n'))?.commandsUntilMs, undefined);
  }),

  behaviour('accepts and returns commands as copies', async (store) => {
    await setUp(store);
    const command = commandRecord('c');
    const done = result('c', { details: { nested: [{ deep: true }] } });
    const { id: _id, ...taken } = structuredClone(done);
    const running = progress('postponed', 4);
    const expected = { ...command, cancelledAtMs: 5, listedAtMs: 4, running, result: { ...taken, receivedAtMs: 6 } };
    const reported = structuredClone(running);
    await store.addCommand('n', command);
    scribbleOver(command);
    scribbleOver(await store.offerCommands('n', 4, 16));
    scribbleOver(await store.saveProgress('n', 'c', reported));
    scribbleOver(reported);
    scribbleOver(await store.cancelCommand('n', 'c', 5));
    scribbleOver(await store.saveCommandResults('n', [done], 6));
    scribbleOver(done);
    scribbleOver(await store.findCommand('n', 'c'));
    scribbleOver(await store.listCommands('n', 16));
    expectEqual('the command', await store.listCommands('n', 16), [expected]);
  }),
];
