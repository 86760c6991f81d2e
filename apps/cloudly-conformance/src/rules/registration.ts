import { limits } from '@serve.zone/baseos-contracts';
import { describeAnswer } from '../exchange/answer.js';
import { expectAdmitted, expectProblem, expectTaken, expectThat, requireGoodToken } from '../rule/expectations.js';
import type { Rule, RuleContext, Section } from '../rule/rule.js';
import type { TokenProvision } from '../rule/provisions.js';

/** A known node is admitted, in whatever state its join token is. */
function readmitsWith(name: string, token: TokenProvision, code: RefusedToken): Rule {
  return {
    name,
    cites: ['R-2'],
    rule: `a known node with its key is answered 200 with a join token that ${states[code]}`,
    needs: [token],
    run: async (context) => {
      const node = await context.enrol();
      expectAdmitted(await context.register(node.registration(), context.token(token)), 200);
    },
  };
}

function refusesToken(name: string, token: TokenProvision, code: RefusedToken): Rule {
  return {
    name,
    cites: ['R-3'],
    rule: `a new node with a join token that ${states[code]} is answered 401 ${code}`,
    needs: [token],
    run: async ({ newNode, register, token: given }) =>
      expectProblem(await register(newNode().registration(), given(token)), code),
  };
}

const states = {
  'join-token-expired': 'has expired',
  'join-token-used': 'has been used up',
  'join-token-revoked': 'was revoked',
} as const;

type RefusedToken = keyof typeof states;

/** A token with one character exchanged for another. */
function mistyped(token: string): string {
  return token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
}

function tooLarge(message: object): string {
  return JSON.stringify(message).padEnd(limits.bodyMaxBytes + 1);
}

async function expectUntouched(context: RuleContext, node: Awaited<ReturnType<RuleContext['enrol']>>): Promise<void> {
  expectTaken(await context.heartbeat(node.heartbeat(), node.nodeToken), 'to the node that has the node ID');
  expectAdmitted(await context.register(node.registration()), 200, 'to the node that has the node ID, by its key');
}

export const registration: Section = {
  title: 'Register',
  rules: [
    {
      name: 'new-node',
      cites: ['R-6', 'F-1'],
      rule: 'a new node with a valid join token is answered 201 with accepted: true, its nodeId and a nodeToken',
      run: async ({ newNode, register, joinToken }) => {
        const node = newNode();
        const answer = await register(node.registration(), joinToken);
        expectAdmitted(answer, 201);
        expectThat(answer.json['accepted'] === true, 'accepted: true', 'something else');
        expectThat(answer.json['nodeId'] === node.nodeId, 'its nodeId', 'another one, or none');
      },
    },
    {
      name: 'request-judged-first',
      cites: ['R-1'],
      rule: 'a fault of the request is answered before anything about tokens',
      run: async ({ newNode, register, send }) => {
        const message = newNode().registration();
        expectProblem(await register({ ...message, bootId: 7 }), 'malformed-request', 'without a join token');
        expectProblem(await register({ protocol: 2 }), 'unsupported-protocol', 'without a join token');
        const large = await send({ endpoint: 'register', body: tooLarge(message) });
        expectProblem(large, 'payload-too-large', 'without a join token');
        const headers = { 'content-type': 'text/plain' };
        const plain = await send({ endpoint: 'register', body: JSON.stringify(message), headers });
        expectProblem(plain, 'unsupported-media-type', 'without a join token');
      },
    },
    {
      name: 'request-judged-before-node',
      cites: ['R-1'],
      rule: 'a fault of the request is answered before anything about the node',
      run: async ({ enrol, register }) => {
        const node = await enrol();
        expectProblem(await register(node.registration({ bootId: 7 })), 'malformed-request');
        expectProblem(await register(node.registration({ protocol: 2 })), 'unsupported-protocol');
        expectAdmitted(await register(node.registration()), 200, 'to the same in order');
      },
    },
    {
      name: 'known-node-by-key',
      cites: ['R-2', 'R-11'],
      rule: 'a known node with its key is answered 200 with a fresh nodeToken, without any join token',
      run: async ({ admit, register, heartbeat }) => {
        const node = await admit();
        const answer = await register(node.registration());
        const nodeToken = expectAdmitted(answer, 200);
        expectThat(nodeToken !== node.nodeToken, 'a fresh nodeToken', 'the one of before');
        expectThat(answer.json['nodeId'] === node.nodeId, 'its nodeId', 'another one, or none');
        expectTaken(await heartbeat(node.heartbeat(), nodeToken), 'to a heartbeat with it');
      },
    },
    {
      name: 'known-node-after-restart',
      cites: ['R-2', 'R-12'],
      rule: 'a known node with its key is answered 200 after a restart, with another status',
      run: async ({ enrol, register, heartbeat }) => {
        const node = await enrol();
        node.restart();
        const { status } = node.registration();
        const changed = { ...status, agent: { name: 'baserunner', version: '9.9.9' } };
        const nodeToken = expectAdmitted(await register(node.registration({ status: changed })), 200);
        expectTaken(await heartbeat(node.heartbeat(), nodeToken), 'to its heartbeat');
      },
    },
    {
      name: 'known-node-unknown-token',
      cites: ['R-2'],
      rule: 'a known node with its key is answered 200 with a join token that Cloudly does not know',
      run: async ({ enrol, register, joinToken }) => {
        const node = await enrol();
        for (const bad of ['nonsense', mistyped(joinToken), node.nodeToken]) {
          expectAdmitted(await register(node.registration(), bad), 200);
        }
      },
    },
    readmitsWith('known-node-expired-token', 'expiredJoinToken', 'join-token-expired'),
    readmitsWith('known-node-used-token', 'usedJoinToken', 'join-token-used'),
    readmitsWith('known-node-revoked-token', 'revokedJoinToken', 'join-token-revoked'),
    {
      name: 'join-token-missing',
      cites: ['R-3'],
      rule: 'a new node without a join token is answered 401 join-token-missing',
      run: async ({ newNode, register }) =>
        expectProblem(await register(newNode().registration()), 'join-token-missing'),
    },
    {
      name: 'join-token-unknown',
      cites: ['R-3', 'K-5'],
      rule: 'a new node with a token that is not a join token of this Cloudly is answered 401 join-token-unknown',
      run: async ({ newNode, register, resident, joinToken }) => {
        const { nodeToken } = await resident();
        const tokens = { nonsense: 'nonsense', 'a mistyped one': mistyped(joinToken), "a node's token": nodeToken };
        for (const [what, token] of Object.entries(tokens)) {
          expectProblem(await register(newNode().registration(), token), 'join-token-unknown', `to ${what}`);
        }
      },
    },
    refusesToken('join-token-expired', 'expiredJoinToken', 'join-token-expired'),
    refusesToken('join-token-used', 'usedJoinToken', 'join-token-used'),
    refusesToken('join-token-revoked', 'revokedJoinToken', 'join-token-revoked'),
    {
      name: 'token-judged-before-node-id',
      cites: ['R-4', 'R-1'],
      rule: 'a sender without a valid join token does not learn which node IDs exist',
      run: async ({ enrol, newNode, register }) => {
        const { nodeId } = await enrol();
        expectProblem(await register(newNode(nodeId).registration()), 'join-token-missing');
        expectProblem(await register(newNode(nodeId).registration(), 'nonsense'), 'join-token-unknown');
      },
    },
    {
      name: 'node-id-taken',
      cites: ['R-5', 'I-3', 'O-2'],
      rule: 'a join token cannot take over a node: another key is answered 409 node-id-taken, and the node continues',
      run: async (context) => {
        const node = await context.enrol();
        const other = context.newNode(node.nodeId);
        expectProblem(await context.register(other.registration(), context.joinToken), 'node-id-taken');
        expectProblem(await context.register(other.registration(), context.joinToken), 'node-id-taken', 'again');
        await expectUntouched(context, node);
      },
    },
    {
      name: 'one-transaction',
      cites: ['R-8'],
      rule: 'if two devices register one new node ID at the same time, one of them gets it',
      run: async ({ newNode, register, joinToken }) => {
        const first = newNode();
        const rivals = [first, ...[1, 2, 3].map(() => newNode(first.nodeId))];
        const answers = await Promise.all(rivals.map((rival) => register(rival.registration(), joinToken)));
        const got = answers.map(describeAnswer).join(', ');
        expectThat(answers.filter(({ status }) => status === 201).length === 1, 'one 201', got);
        expectThat(answers.filter(({ status }) => status === 409).length === 3, '409 node-id-taken to the others', got);
      },
    },
    {
      name: 'same-node-at-once',
      cites: ['R-8'],
      rule: 'a new node that registers twice at the same time is one node: both requests are answered, one with 201',
      run: async ({ newNode, register, joinToken }) => {
        const node = newNode();
        const answers = await Promise.all([1, 2].map(() => register(node.registration(), joinToken)));
        const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
        expectThat(statuses.join() === '200,201', '200 and 201', answers.map(describeAnswer).join(' and '));
      },
    },
    {
      name: 'uses-are-counted',
      cites: ['R-7'],
      rule: 'only new nodes take uses of a join token, and never more than it has',
      needs: ['countedJoinToken'],
      run: async ({ newNode, register, resident, token }) => {
        const counted = token('countedJoinToken');
        const node = newNode();
        const first = await register(node.registration(), counted);
        requireGoodToken(first, 'countedJoinToken');
        expectAdmitted(first, 201, 'to the first new node');

        expectAdmitted(await register(node.registration(), counted), 200, 'to its replay');
        expectProblem(await register({ ...newNode().registration(), bootId: 7 }, counted), 'malformed-request');
        expectProblem(await register(newNode().registration({ protocol: 2 }), counted), 'unsupported-protocol');
        const { nodeId } = await resident();
        expectProblem(await register(newNode(nodeId).registration(), counted), 'node-id-taken');

        const rivals = [1, 2, 3, 4].map(() => newNode());
        const answers = await Promise.all(rivals.map((rival) => register(rival.registration(), counted)));
        const got = answers.map(describeAnswer).join(', ');
        const used = answers.filter(({ json }) => json['code'] === 'join-token-used');
        expectThat(
          answers.some(({ status }) => status === 201),
          'the second use for one of four new nodes',
          got,
        );
        expectThat(used.length === 3, '401 join-token-used to the other three', got);
        expectAdmitted(await register(node.registration(), counted), 200, 'to a replay after that');
      },
    },
  ],
};
