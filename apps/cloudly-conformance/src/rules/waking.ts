import { limits, wakeEndpoint } from '@serve.zone/baseos-contracts';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { type Answer, describeAnswer, isObject } from '../exchange/answer.js';
import type { HeldRequest } from '../exchange/conversation.js';
import { Mismatch } from '../exchange/mismatch.js';
import { expectProblem, expectTaken, expectThat } from '../rule/expectations.js';
import type { Rule, RuleContext, Section } from '../rule/rule.js';

/** A request without an answer for so long is held. */
const HELD_AFTER_MS = 700;

/** How long a ring may take on a busy machine; a person would call it at once. */
const RING_MAX_MS = 5000;

interface Offered {
  node: AdmittedNode;
  waitMs: unknown;
  /** A heartbeat that hears everything that there is to tell. */
  beat: () => Promise<Readonly<Record<string, unknown>>>;
}

/** A node that Cloudly offers to wake; nothing if it does not. */
async function offered(context: RuleContext, node: AdmittedNode): Promise<Offered | undefined> {
  const beat = async () => expectTaken(await context.heartbeat(node.heartbeat(), node.nodeToken));
  const { wake } = await beat();
  return wake === undefined ? undefined : { node, waitMs: isObject(wake) ? wake['waitMs'] : undefined, beat };
}

/** Tries a rule with a request that waits, and abandons it in any case. */
async function withHeld(
  context: RuleContext,
  { node }: Offered,
  work: (held: HeldRequest) => Promise<void>,
): Promise<void> {
  const held = context.wake(node.nodeToken);
  try {
    await work(held);
  } finally {
    held.abandon();
  }
}

async function expectHeld(held: HeldRequest, when: string): Promise<void> {
  const answer = await held.answerWithin(HELD_AFTER_MS);
  if (answer) throw new Mismatch(`a request that is held ${when}`, describeAnswer(answer));
}

async function expectWoken(held: HeldRequest, when: string): Promise<void> {
  const answer = await held.answerWithin(RING_MAX_MS);
  const got = answer ? describeAnswer(answer) : 'no answer';
  if (answer?.status !== 200 || answer.json['wake'] !== true) throw new Mismatch(`200 with wake: true ${when}`, got);
}

async function answerOf(held: HeldRequest): Promise<Answer> {
  const answer = await held.answerWithin(RING_MAX_MS);
  if (!answer) throw new Mismatch('an answer at once', 'none');
  return answer;
}

/** A Cloudly that offers none of it has nothing to keep. The node is the resident, unless the rule needs one of its own. */
function ifOffered(
  rule: Omit<Rule, 'run'> & { ownNode?: true },
  run: (context: RuleContext, offer: Offered) => Promise<void>,
): Rule {
  const { ownNode = false, ...rest } = rule;
  return {
    ...rest,
    run: async (context) => {
      const resident = await offered(context, await context.resident());
      if (!resident) return;
      const offer = ownNode ? await offered(context, await context.enrol()) : resident;
      if (offer) await run(context, offer);
    },
  };
}

/** The rules of a Cloudly that offers to wake its nodes. */
export const waking: Section = {
  title: 'Waking',
  rules: [
    ifOffered(
      {
        name: 'wake-offer',
        cites: ['L-1'],
        rule: 'an offer to wake a node says how long it may wait, within the limits',
      },
      async (_context, { waitMs }) => {
        const { wakeWaitMinMs, wakeWaitMaxMs } = limits;
        const isWithin = Number.isInteger(waitMs) && Number(waitMs) >= wakeWaitMinMs && Number(waitMs) <= wakeWaitMaxMs;
        expectThat(isWithin, `waitMs from ${wakeWaitMinMs} to ${wakeWaitMaxMs}`, 'another');
      },
    ),
    ifOffered(
      { name: 'wake-methods', cites: ['L-2'], rule: 'another method is answered with 405 that allows GET' },
      async ({ send }, { node: { nodeToken } }) => {
        for (const method of ['POST', 'PUT', 'DELETE']) {
          const answer = await send({ endpoint: 'wake', method, credential: nodeToken });
          expectProblem(answer, 'method-not-allowed', `to ${method} ${wakeEndpoint.path}`);
          expectThat(answer.headers['allow'] === 'GET', 'Allow: GET', `Allow: ${answer.headers['allow'] ?? ''}`);
        }
      },
    ),
    ifOffered(
      { name: 'wake-token', cites: ['L-3'], rule: 'nothing is held without a token of a node' },
      async ({ send, wake, joinToken }) => {
        expectProblem(await send({ endpoint: 'wake' }), 'node-token-unknown', 'without a token');
        for (const token of ['nonsense', joinToken]) {
          const held = wake(token);
          try {
            expectProblem(await answerOf(held), 'node-token-unknown', 'with a token of no node');
          } finally {
            held.abandon();
          }
        }
      },
    ),
    ifOffered(
      { name: 'wake-held', cites: ['L-4'], rule: 'a request is held while there is nothing to tell the node' },
      (context, offer) => withHeld(context, offer, (held) => expectHeld(held, 'while nothing is queued')),
    ),
    ifOffered(
      {
        ownNode: true,
        name: 'wake-queued',
        cites: ['L-5'],
        rule: 'a node that waits is woken when a command is queued for it',
        needs: ['queueCommand'],
      },
      (context, offer) =>
        withHeld(context, offer, async (held) => {
          await held.answerWithin(HELD_AFTER_MS);
          await context.ask('queueCommand', { nodeId: offer.node.nodeId, kind: 'blink' });
          await expectWoken(held, 'once a command is queued');
        }),
    ),
    ifOffered(
      {
        ownNode: true,
        name: 'wake-at-once',
        cites: ['L-5'],
        rule: 'a node is woken at once for a command that no answer has told it',
        needs: ['queueCommand'],
      },
      async (context, offer) => {
        await context.ask('queueCommand', { nodeId: offer.node.nodeId, kind: 'blink' });
        await withHeld(context, offer, (held) => expectWoken(held, 'where a command was queued before'));
      },
    ),
    ifOffered(
      {
        ownNode: true,
        name: 'wake-told',
        cites: ['L-6'],
        rule: 'a node is not woken again for a command that a heartbeat has told it and that is still due',
        needs: ['queueCommand'],
      },
      async (context, offer) => {
        await context.ask('queueCommand', { nodeId: offer.node.nodeId, kind: 'blink' });
        await offer.beat();
        await withHeld(context, offer, (held) => expectHeld(held, 'once a heartbeat has told the command'));
      },
    ),
    ifOffered(
      {
        ownNode: true,
        name: 'wake-superseded',
        cites: ['L-7'],
        rule: 'of two requests of one node, the earlier is answered with 429',
      },
      (context, offer) =>
        withHeld(context, offer, async (earlier) => {
          await expectHeld(earlier, 'while nothing is queued');
          await withHeld(context, offer, async (newer) => {
            expectProblem(await answerOf(earlier), 'rate-limited', 'to the earlier of two requests');
            await expectHeld(newer, 'after it has taken the place of an earlier one');
          });
        }),
    ),
  ],
};
