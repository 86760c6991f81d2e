import { createCloudlyHandlers, createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { endpoints, parseProblem } from '@serve.zone/baseos-contracts';
import registerExample from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { createDocumentStore } from '../document-store.js';
import { openPouchDocuments } from '../pouch-documents.js';
import { openDatabase } from './pouch-database.js';
import { slowDocuments } from './slow-documents.js';

const USES = 3;
const nodeIds = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Two processes of a Cloudly on one database, and a join token for some of the nodes. */
async function startCloudly() {
  const documents = slowDocuments(await openPouchDocuments(openDatabase()), Math.random);
  const start = async () => {
    const store = createDocumentStore(documents);
    return { store, handlers: createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId() }) };
  };
  const [one, other] = [await start(), await start()];
  const { joinToken, record } = await createJoinToken(one.store, { uses: USES });

  const register = async (nodeId: string, index: number): Promise<string> => {
    const registrationKey = nodeId.repeat(43);
    const response = await (index % 2 ? one : other).handlers.register(
      new Request(`https://cloudly.example${endpoints.register.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${joinToken}` },
        body: JSON.stringify({ ...registerExample, nodeId, registrationKey }),
      }),
    );
    const problem = parseProblem(await response.text());
    return problem.ok ? problem.value.code : String(response.status);
  };
  return { store: one.store, joinTokenId: record.id, register };
}

test.for(Array.from({ length: 10 }, (_, round) => round))(
  'nodes that send each registration three times are admitted as often as the join token has uses (round %i)',
  async () => {
    const { store, joinTokenId, register } = await startCloudly();
    const outcomes = await Promise.all(
      nodeIds.map((nodeId) => Promise.all([0, 1, 2].map((index) => register(nodeId, index)))),
    );
    const letIn = outcomes.filter((ofNode) => ofNode.includes('201'));
    expect(letIn.map((ofNode) => ofNode.toSorted())).toEqual(letIn.map(() => ['200', '200', '201']));
    const others = outcomes.filter((ofNode) => !letIn.includes(ofNode));
    expect(new Set(others.flat())).toEqual(new Set(['join-token-used']));
    expect(letIn).toHaveLength(USES);
    expect(await store.findJoinToken(joinTokenId)).toMatchObject({ usedCount: USES });
    expect(await store.listNodes({ limit: 100 })).toHaveLength(USES);
  },
);
