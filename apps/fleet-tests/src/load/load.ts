import { setTimeout as pause } from 'node:timers/promises';
import { type NodeStore, queueCommand, rotateNodeToken } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandResult, endpointUrl } from '@serve.zone/baseos-contracts';
import { createEmulatedNode, type EmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { type Answer, post } from './exchange.js';
import type { Account, Ledger } from './ledger.js';

export interface LoadOptions {
  /** How many nodes there are at a time. */
  nodeCount: number;
  /** Which of Cloudly's servers the next request goes to; resolves once there is one. */
  serverUrl: () => Promise<string>;
  joinToken: string;
  /** The operator's hand in the fleet, beside the servers. */
  store: NodeStore;
  /** Where every acknowledgement is recorded. */
  ledger: Ledger;
}

export interface Load {
  /** Rejects if the load itself has a defect. */
  ended: Promise<unknown>;
  /** Waits for the answers to all requests in progress, and ends. */
  stop(this: void): Promise<void>;
}

/** A node's life: so many heartbeats, in which it gets a new token and a command. Cloudly takes 240 a minute of one node. */
const HEARTBEATS = 8;
/** The one after which an operator has its token replaced and has it blink. */
const ORDERS_AFTER = 2;

/** How long a node waits if there was no answer, or one that says to retry. */
const RETRY_MS = 50;

/**
 * Nodes over HTTP, each of which registers, has its token replaced, carries out a command, and is followed by another
 * one. They retry until they get an answer, as BaseRunner does.
 */
export function startLoad(options: LoadOptions): Load {
  const stopping = new AbortController();
  const slots = Array.from({ length: options.nodeCount }, async (_, index) => {
    while (!stopping.signal.aborted) await live(createEmulatedNode(), addressOf(index), options, stopping.signal);
  });
  const ended = Promise.all(slots);
  return {
    ended,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function live(
  node: EmulatedNode,
  localAddress: string | undefined,
  { serverUrl, joinToken, store, ledger }: LoadOptions,
  stopping: AbortSignal,
): Promise<void> {
  const ask = async (endpoint: 'register' | 'heartbeat', token: string, message: () => object): Promise<Answer> =>
    untilAnswered(async () => {
      const url = endpointUrl(await serverUrl(), endpoint);
      return post(url, { token, message: message(), localAddress });
    });

  const registered = await ask('register', joinToken, node.registration);
  const { nodeToken } = registered.body;
  if (typeof nodeToken !== 'string') return ledger.contradict(node.nodeId, 'register', registered);
  const account = ledger.open(node, nodeToken);

  let offered: string | undefined;
  let results: CommandResult[] = [];
  for (let turn = 0; turn < HEARTBEATS && !stopping.aborted; turn += 1) {
    if (turn === ORDERS_AFTER) await giveOrders(account, store);
    const token = offered ?? account.nodeToken;
    const answer = await ask('heartbeat', token, () =>
      node.heartbeat(results.length > 0 ? { commandResults: results } : {}),
    );
    if (answer.status !== 200) return ledger.contradict(node.nodeId, 'heartbeat', answer);
    ledger.heard(
      account,
      token,
      results.map(({ id }) => id),
    );
    ({ offered, results } = read(answer));
  }
}

async function giveOrders({ node: { nodeId } }: Account, store: NodeStore): Promise<void> {
  await untilDone(() => rotateNodeToken(store, nodeId));
  await untilDone(() => queueCommand(store, nodeId, { kind: 'blink' }));
}

function read({ body }: Answer): { offered: string | undefined; results: CommandResult[] } {
  const { nextNodeToken, desiredState } = body as {
    nextNodeToken?: string;
    desiredState?: { commands?: { id: string }[] };
  };
  const results = (desiredState?.commands ?? []).map(({ id }) => ({ id, outcome: 'succeeded' }) as const);
  return { offered: nextNodeToken, results };
}

/** An answer that is a verdict: not that Cloudly cannot give one now. */
async function untilAnswered(ask: () => Promise<Answer>): Promise<Answer> {
  return untilDone(async () => {
    const answer = await ask();
    if (answer.status >= 500) throw new Error(`It was answered with ${answer.status}`);
    return answer;
  });
}

async function untilDone<Result>(act: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      // Retrying does not fix a defect of this program.
      if (error instanceof TypeError) throw error;
      await pause(RETRY_MS);
    }
  }
}

/** Every node has an address of its own, as Cloudly limits what comes from one; where the system has only one, they share it. */
function addressOf(index: number): string | undefined {
  return process.platform === 'linux' ? `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}` : undefined;
}
