import { expectAdmitted, expectProblem, expectTaken, expectThat } from '../rule/expectations.js';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { Mismatch } from '../exchange/mismatch.js';
import type { RuleContext, Section } from '../rule/rule.js';

/** 256 bits in 94 visible characters. */
const TOKEN_MIN_LENGTH = 40;

/** Makes Cloudly issue a new token to the node. */
async function rotated(context: RuleContext, node: AdmittedNode): Promise<string> {
  await context.ask('rotate', { nodeId: node.nodeId });
  return offered(context, node, node.nodeToken);
}

/** Cloudly may offer another one with every heartbeat under the old: the newest counts. */
async function offered({ heartbeat }: RuleContext, node: AdmittedNode, inUse: string): Promise<string> {
  const offers = [];
  for (const when of ['to the token in use', 'to the token in use, again']) {
    const { nextNodeToken } = expectTaken(await heartbeat(node.heartbeat(), inUse), when);
    if (nextNodeToken !== undefined) offers.push(nextNodeToken);
  }
  const newest = offers.at(-1);
  if (typeof newest !== 'string') throw new Mismatch('a nextNodeToken', '200 without one');
  expectThat(newest !== inUse, 'a nextNodeToken that is new', 'the token in use');
  return newest;
}

export const nodeTokens: Section = {
  title: 'Node tokens',
  rules: [
    {
      name: 'token-strength',
      cites: ['K-4', 'K-3'],
      rule: 'a token has room for 256 bits, and no two are the same',
      run: async ({ admit, register }) => {
        const node = await admit();
        const again = expectAdmitted(await register(node.registration()), 200);
        const tokens = [node.nodeToken, again, (await admit()).nodeToken];
        expectThat(new Set(tokens).size === tokens.length, 'three tokens', 'one of them twice');
        for (const { length } of tokens) {
          expectThat(length >= TOKEN_MIN_LENGTH, `${TOKEN_MIN_LENGTH} characters or more`, `${length} characters`);
        }
      },
    },
    {
      name: 'old-token-until-new-is-used',
      cites: ['T-2', 'R-11'],
      rule: 'the current token stays valid until the node has used the new one of its registration',
      run: async ({ enrol, register, heartbeat }) => {
        const node = await enrol();
        const next = expectAdmitted(await register(node.registration()), 200);
        expectTaken(await heartbeat(node.heartbeat(), node.nodeToken), 'to the token in use');
        expectTaken(await heartbeat(node.heartbeat(), next), 'to the new one');
      },
    },
    {
      name: 'old-token-ends',
      cites: ['T-3', 'T-1'],
      rule: 'once the new token is used, the old one is answered 401 node-token-unknown',
      run: async ({ enrol, register, heartbeat }) => {
        const node = await enrol();
        const next = expectAdmitted(await register(node.registration()), 200);
        expectTaken(await heartbeat(node.heartbeat(), next), 'to the new one');
        expectProblem(await heartbeat(node.heartbeat(), node.nodeToken), 'node-token-unknown', 'to the old one');
        expectTaken(await heartbeat(node.heartbeat(), next), 'to the new one after that');
      },
    },
    {
      name: 'late-heartbeat-uses-token',
      cites: ['T-3', 'H-6'],
      rule: 'a late heartbeat also counts as a use of a token',
      run: async ({ enrol, register, heartbeat }) => {
        const node = await enrol();
        const next = expectAdmitted(await register(node.registration()), 200);
        expectTaken(await heartbeat(node.heartbeat({ sequence: 1 }), next), 'to a late one with the new token');
        expectProblem(await heartbeat(node.heartbeat(), node.nodeToken), 'node-token-unknown', 'to the old one');
        expectTaken(await heartbeat(node.heartbeat(), next), 'to the new one after that');
      },
    },
    {
      name: 'lost-token-ends',
      cites: ['T-2'],
      rule: 'a token whose answer was lost is invalid after the next one is issued',
      run: async ({ admit, register, heartbeat }) => {
        const node = await admit();
        const next = expectAdmitted(await register(node.registration()), 200);
        expectProblem(await heartbeat(node.heartbeat(), node.nodeToken), 'node-token-unknown', 'to the lost one');
        expectTaken(await heartbeat(node.heartbeat(), next), 'to the next one');
      },
    },
    {
      name: 'next-node-token',
      cites: ['T-4', 'T-3'],
      rule: 'a heartbeat brings a new token as nextNodeToken; the current one stays valid until the new one is used',
      needs: ['rotate'],
      run: async (context) => {
        const node = await context.enrol();
        const newest = await rotated(context, node);
        expectTaken(await context.heartbeat(node.heartbeat(), newest), 'to the new one');
        expectProblem(
          await context.heartbeat(node.heartbeat(), node.nodeToken),
          'node-token-unknown',
          'to the old one',
        );
        expectTaken(await context.heartbeat(node.heartbeat(), newest), 'to the new one after that');
      },
    },
    {
      name: 'demand-outlasts-token-of-before',
      cites: ['T-4', 'T-2'],
      rule: 'a token that was issued before the operator requested a new one does not count as the new one',
      needs: ['rotate'],
      run: async (context) => {
        for (const isUsed of [false, true]) {
          const node = await context.enrol();
          const before = expectAdmitted(await context.register(node.registration()), 200);
          // A Cloudly that keeps times in seconds also distinguishes the two.
          await context.wait(1000);
          await context.ask('rotate', { nodeId: node.nodeId });
          const newest = await offered(context, node, isUsed ? before : node.nodeToken);
          if (!isUsed) {
            const answer = await context.heartbeat(node.heartbeat(), before);
            expectProblem(answer, 'node-token-unknown', 'to the token from before the request for a new one');
          }
          expectTaken(await context.heartbeat(node.heartbeat(), newest), 'to the new one');
        }
      },
    },
    {
      name: 'rotation-survives-restart',
      cites: ['T-3', 'T-4'],
      rule: 'a node that restarts with both tokens is admitted by the new one, and after that by its key',
      needs: ['rotate'],
      run: async (context) => {
        const node = await context.enrol();
        const next = await rotated(context, node);
        node.restart();
        expectTaken(await context.heartbeat(node.heartbeat(), next), 'to the new one');
        expectAdmitted(await context.register(node.registration()), 200);
      },
    },
  ],
};
