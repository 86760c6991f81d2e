import { expect, test } from 'vitest';
import { ada, boss, codeOf } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { approvedNode } from '../stores/suite/fleet/fleet-fixtures.js';
import { addNode, NOW_MS } from '../stores/suite/fixtures.js';

const ID = '00000000-0000-4000-8000-000000000001';

async function setUp() {
  const store = createMemoryStore();
  await addNode(store, approvedNode('n'));
  return createFleet({ store, now: () => NOW_MS });
}

test('the same command with the same ID is the same command, and another one is refused', async () => {
  const fleet = await setUp();
  const { command } = await fleet.queueCommand(ada, 'n', { kind: 'blink' }, ID);
  expect(command.id).toBe(ID);
  expect((await fleet.queueCommand(ada, 'n', { kind: 'blink' }, ID)).command).toEqual(command);
  expect(await codeOf(fleet.queueCommand(ada, 'n', { kind: 'reboot' }, ID))).toBe('id-taken');
  expect(await fleet.listCommands(ada, 'n')).toEqual([command]);
  expect(await codeOf(fleet.queueCommand(ada, 'n', { kind: 'blink' }, 'mine'))).toBe('value-invalid');
});

test('force takes an admin', async () => {
  const fleet = await setUp();
  const order = { kind: 'reboot', force: true } as const;
  expect(await codeOf(fleet.queueCommand(ada, 'n', order))).toBe('role-insufficient');
  expect(await codeOf(fleet.previewBulk(ada, { action: { kind: 'command', order }, selector: '' }))).toBe(
    'role-insufficient',
  );
  expect((await fleet.queueCommand(boss, 'n', order)).command.force).toBe(true);
});

test('a command that no node could carry out is refused, also for many nodes', async () => {
  const fleet = await setUp();
  const order = { kind: 'restart-service' } as const;
  expect(await codeOf(fleet.queueCommand(ada, 'n', order))).toBe('command-invalid');
  expect(await codeOf(fleet.previewBulk(ada, { action: { kind: 'command', order }, selector: '' }))).toBe(
    'command-invalid',
  );
});

test('a node gets no more commands than an answer lists', async () => {
  const fleet = await setUp();
  for (let count = 1; count <= 16; count += 1) await fleet.queueCommand(ada, 'n', { kind: 'blink' });
  expect(await codeOf(fleet.queueCommand(ada, 'n', { kind: 'blink' }))).toBe('commands-due');
});

test('a command that there is not is unknown', async () => {
  const fleet = await setUp();
  expect(await codeOf(fleet.getCommand(ada, 'n', ID))).toBe('command-unknown');
  expect(await codeOf(fleet.cancelCommand(ada, 'n', ID))).toBe('command-unknown');
  await fleet.queueCommand(ada, 'n', { kind: 'blink' }, ID);
  expect((await fleet.cancelCommand(ada, 'n', ID)).outcome).toBe('cancelled');
  expect((await fleet.getCommand(ada, 'n', ID)).cancelledAtMs).toBe(NOW_MS);
});
