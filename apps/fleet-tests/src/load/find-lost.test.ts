import { createHash } from 'node:crypto';
import { createMemoryStore, type NodeStore, queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import { createJoinToken, createCloudlyHandlers } from '@serve.zone/baseos-cloudly-handlers';
import { endpoints } from '@serve.zone/baseos-contracts';
import { expect, test } from 'vitest';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { findLost } from './find-lost.js';
import { type Account, Ledger } from './ledger.js';

/** A node that registered, used its token, and delivered the result of a command; all of it acknowledged. */
async function setUp() {
  const store = createMemoryStore();
  const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId() });
  const ask = async (endpoint: 'register' | 'heartbeat', token: string, message: object) => {
    const response = await handlers.fetch(
      new Request(`http://cloudly.example${endpoints[endpoint].path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(message),
      }),
    );
    return (await response.json()) as { nodeToken: string };
  };
  const ledger = new Ledger();
  const node = createEmulatedNode();
  const { joinToken } = await createJoinToken(store);
  const account = ledger.open(node, (await ask('register', joinToken, node.registration())).nodeToken);
  const id = await queueBlink(store, node.nodeId);
  await ask('heartbeat', account.nodeToken, node.heartbeat({ commandResults: [{ id, outcome: 'succeeded' }] }));
  ledger.heard(account, account.nodeToken, [id]);
  return { store, ledger, account };
}

async function queueBlink(store: NodeStore, nodeId: string): Promise<string> {
  const queued = await queueCommand(store, nodeId, { kind: 'blink' });
  if (queued.outcome !== 'queued') throw new Error(`The command was not queued: ${queued.outcome}`);
  return queued.command.id;
}

async function replace(store: NodeStore, { node }: Account, changes: object): Promise<void> {
  const stored = await store.findNode(node.nodeId);
  if (stored) await store.replaceNode({ ...stored.node, ...changes });
}

test('nothing is lost if everything is there', async () => {
  const { store, ledger } = await setUp();
  expect(await findLost(store, ledger)).toEqual([]);
});

test('a missing node is a lost registration', async () => {
  const { store, ledger, account } = await setUp();
  await store.removeNode(account.node.nodeId);
  expect(await findLost(store, ledger)).toEqual([`the registration of ${account.node.nodeId}`]);
});

test('a token that was used and is pending again is lost, and so is one that another token replaced', async () => {
  const { store, ledger, account } = await setUp();
  const hash = createHash('sha256').update(account.nodeToken).digest('hex');
  const other = { id: 'other', hash: 'of another', issuedAtMs: 0 };
  await replace(store, account, { currentToken: other, nextToken: { ...other, hash } });
  expect(await findLost(store, ledger)).toEqual([`the token of ${account.node.nodeId}`]);
  ledger.heard(account, 'the token after that', []);
  expect(await findLost(store, ledger)).toEqual([`the rotated token of ${account.node.nodeId}`]);
});

test('a command without its result is a lost result', async () => {
  const { store, ledger, account } = await setUp();
  const unheardId = await queueBlink(store, account.node.nodeId);
  ledger.heard(account, account.nodeToken, [unheardId]);
  expect(await findLost(store, ledger)).toEqual([`the result of command ${unheardId} of ${account.node.nodeId}`]);
});
