import { describeAnswer } from '../exchange/answer.js';
import type { Conversation } from '../exchange/conversation.js';
import { type AdmittedNode, createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { BrokenProvision, CannotTry } from '../exchange/mismatch.js';
import type { OperatorAct, TokenProvision } from './provisions.js';
import type { RuleContext } from './rule.js';

/** What the operator of the Cloudly gives the kit. */
export interface Given {
  /** Admits new nodes without approval. */
  joinToken: string;
  tokens?: Partial<Record<TokenProvision, string>>;
  /** Rejects with what went wrong. */
  operator?: Partial<Record<OperatorAct, (about: Record<string, string>) => Promise<unknown>>>;
  /** Whether to try rules that take minutes. */
  slow?: boolean;
}

/**
 * The context of all rules of a run.
 *
 * @param firstNode one that Cloudly has admitted and whose token was never used
 */
export function createRuleContext(
  { send, hold, exchanges }: Conversation,
  given: Given,
  wait: (durationMs: number) => Promise<void>,
  firstNode: AdmittedNode,
): RuleContext {
  const post = (endpoint: 'register' | 'heartbeat') => (message: object, credential?: string) =>
    send({ endpoint, credential, body: JSON.stringify(message) });
  const register = post('register');
  const heartbeat = post('heartbeat');

  const admit = async (): Promise<AdmittedNode> => {
    const node = createEmulatedNode();
    const answer = await register(node.registration(), given.joinToken);
    const { nodeToken } = answer.json;
    if (answer.status === 201 && typeof nodeToken === 'string') return { ...node, nodeToken };
    throw new CannotTry(`no node could be enrolled for it (${describeAnswer(answer)})`);
  };

  const begin = async (node: AdmittedNode): Promise<AdmittedNode> => {
    const answer = await heartbeat(node.fullHeartbeat(), node.nodeToken);
    if (answer.status === 200) return node;
    throw new CannotTry(`the first heartbeat of a node was not accepted (${describeAnswer(answer)})`);
  };

  const enrol = async (): Promise<AdmittedNode> => begin(await admit());

  let resident: AdmittedNode | undefined;

  return {
    joinToken: given.joinToken,
    newNode: createEmulatedNode,
    admit,
    enrol,
    resident: async () => (resident ??= await begin(firstNode)),
    register,
    heartbeat,
    send,
    wake: (credential) => hold({ endpoint: 'wake', credential }),
    token: (name) => provided(given.tokens?.[name]),
    ask: async (act, about = {}) => {
      const perform = provided(given.operator?.[act]);
      try {
        await perform(about);
      } catch (error) {
        throw new BrokenProvision(error instanceof Error ? error.message : String(error), { cause: error });
      }
    },
    wait,
    exchanges,
  };
}

/** The runner tries no rule whose needs are not met. */
function provided<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('The rule does not say what it needs');
  return value;
}
