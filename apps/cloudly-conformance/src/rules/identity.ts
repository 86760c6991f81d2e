import { describeAnswer } from '../exchange/answer.js';
import { expectAdmitted, expectProblem, expectTaken, expectThat } from '../rule/expectations.js';
import type { Section } from '../rule/rule.js';

export const identity: Section = {
  title: 'Identity',
  rules: [
    {
      name: 'chosen-node-id',
      cites: ['I-1', 'I-2'],
      rule: 'a node ID of any choice is accepted: letters, digits, ".", "_" and "-", at most 128 characters',
      run: async ({ newNode, register, heartbeat, joinToken }) => {
        const unique = newNode().nodeId.replaceAll('-', '');
        for (const nodeId of [`7.Till_${unique}-`, `N${unique}`.padEnd(128, '._-')]) {
          const node = newNode(nodeId);
          const answer = await register(node.registration(), joinToken);
          const nodeToken = expectAdmitted(answer, 201, `for a node ID of ${nodeId.length} characters`);
          expectThat(answer.json['nodeId'] === nodeId, 'its nodeId in the answer', 'another one');
          expectTaken(await heartbeat(node.heartbeat(), nodeToken), 'to its heartbeat');
        }
      },
    },
    {
      name: 'node-id-case-counts',
      cites: ['I-2'],
      rule: 'node IDs that differ in case are different, unless they are UUIDs',
      run: async ({ newNode, register, joinToken }) => {
        const name = `till-${newNode().nodeId}-x`;
        expectAdmitted(await register(newNode(name).registration(), joinToken), 201);
        const answer = await register(newNode(name.toUpperCase()).registration(), joinToken);
        expectAdmitted(answer, 201, 'for the same name in upper case');
      },
    },
    {
      name: 'uuids-in-lower-case',
      cites: ['I-2'],
      rule: 'UUIDs compare in lower case',
      run: async ({ newNode, register, heartbeat, joinToken }) => {
        const node = newNode();
        const upper = node.nodeId.toUpperCase();
        const answer = await register(node.registration({ nodeId: upper }), joinToken);
        expectAdmitted(answer, 201, 'to a registration in upper case');
        const { nodeId } = answer.json;
        const isSame = typeof nodeId === 'string' && nodeId.toLowerCase() === node.nodeId;
        expectThat(isSame, 'its nodeId in the answer', describeAnswer(answer));

        const again = await register(node.registration());
        const nodeToken = expectAdmitted(again, 200, 'to the same in lower case');
        const heartbeats = [node.heartbeat(), node.heartbeat({ nodeId: upper })];
        for (const message of heartbeats)
          expectTaken(await heartbeat(message, nodeToken), 'to heartbeats in either case');

        const other = newNode(upper);
        expectProblem(await register(other.registration(), joinToken), 'node-id-taken', 'to another key in upper case');
      },
    },
    {
      name: 'boot-ids-in-lower-case',
      cites: ['I-5'],
      rule: 'a boot ID in upper case is the same process',
      run: async ({ enrol, heartbeat }) => {
        const node = await enrol();
        const message = node.heartbeat({ bootId: node.bootId().toUpperCase() });
        const { sendFullStatus } = expectTaken(await heartbeat(message, node.nodeToken));
        expectThat(sendFullStatus !== true, 'the status of the process to be known', 'sendFullStatus: true');
      },
    },
  ],
};
