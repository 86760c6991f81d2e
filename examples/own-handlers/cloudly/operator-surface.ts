import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type CommandKind, commandKinds, parseApprovalCode } from '@serve.zone/baseos-contracts';
import { type Operator, OperatorMistake } from './operator.ts';
import { hashOf } from './token.ts';

/**
 * The operator's actions over HTTP, for a loopback port: `POST /approve/<node ID>`, with the operator's token as
 * bearer. Without it, any web page on the machine could make the same request.
 */
export function createOperatorSurface(operator: Operator, operatorToken: string): Server {
  const acts = actsOf(operator);
  const authorizationHash = hashOf(`Bearer ${operatorToken}`);
  return createServer((request, response) => {
    const { status, said } = judge(request, acts, authorizationHash);
    const isText = typeof said === 'string';
    response.writeHead(status, {
      'content-type': isText ? 'text/plain' : 'application/json',
      'cache-control': 'no-store',
    });
    response.end(isText ? `${said}\n` : JSON.stringify(said));
  });
}

/** @param about the part of the path after the action */
type Act = (about: readonly string[], options: URLSearchParams) => unknown;

interface Reply {
  status: number;
  said: unknown;
}

function judge(request: IncomingMessage, acts: ReadonlyMap<string, Act>, authorizationHash: string): Reply {
  const { method, headers, url = '/' } = request;
  const isOperator = hashOf(headers.authorization ?? '') === authorizationHash;
  if (!isOperator) return { status: 401, said: "The operator's token is missing" };
  if (method !== 'POST') return { status: 405, said: 'An act is asked for with POST' };
  const [path = '', options] = url.split('?');
  const [, name = '', ...about] = path.split('/');
  const act = acts.get(name);
  if (!act) return { status: 404, said: `There are ${[...acts.keys()].join(', ')}` };
  try {
    return { status: 200, said: act(about, new URLSearchParams(options)) ?? 'done' };
  } catch (error) {
    if (error instanceof OperatorMistake) return { status: 400, said: error.message };
    console.error(error);
    return { status: 500, said: 'It failed; the log has more' };
  }
}

function actsOf(operator: Operator): ReadonlyMap<string, Act> {
  return new Map<string, Act>([
    ['join-token', (_about, options) => operator.makeJoinToken(joinTokenOrder(options))],
    ['revoke-join-token', ([joinToken = '']) => operator.revokeJoinToken(joinToken)],
    ['nodes', () => operator.listNodes()],
    ['approve', ([nodeId = '']) => operator.approve(nodeId)],
    ['revoke', ([nodeId = '']) => operator.revoke(nodeId)],
    ['unrevoke', ([nodeId = '']) => operator.unrevoke(nodeId)],
    ['rebind', ([nodeId = '', typed = '']) => operator.rebind(nodeId, approvalCode(typed))],
    ['rotate', ([nodeId = '']) => operator.rotate(nodeId)],
    ['void-tokens', ([nodeId = '']) => operator.voidTokens(nodeId)],
    ['queue-command', ([nodeId = '', kind = '']) => operator.queueCommand(nodeId, commandKind(kind))],
    ['cancel-command', ([nodeId = '', commandId = '']) => operator.cancelCommand(nodeId, commandId)],
    ['set-updates', ([nodeId = '', mode = '']) => operator.setUpdates(nodeId, updatesMode(mode))],
    ['resolve-clone', ([nodeId = '', bootId = '']) => operator.resolveClone(nodeId, bootId)],
    ['back-up', () => operator.backUp()],
    ['restore', () => operator.restore()],
  ]);
}

function approvalCode(typed: string): string {
  const code = parseApprovalCode(typed);
  if (code !== undefined) return code;
  throw new OperatorMistake('An approval code has four groups of four characters');
}

function commandKind(name: string): CommandKind {
  const kind = commandKinds.find((known) => known === name);
  if (kind) return kind;
  throw new OperatorMistake(`A command is one of ${commandKinds.join(', ')}`);
}

function updatesMode(name: string): 'free' | 'gated' | 'own' {
  if (name === 'free' || name === 'gated' || name === 'own') return name;
  throw new OperatorMistake('Releases are taken in one of the modes free, gated, own');
}

/** With 0 uses or 0 hours, it admits no node. */
function joinTokenOrder(options: URLSearchParams) {
  return {
    uses: wholeNumber(options, 'uses', 1),
    expiresAtMs: Date.now() + wholeNumber(options, 'hours', 24) * 3_600_000,
    requiresApproval: options.get('approval') === 'required',
  };
}

function wholeNumber(options: URLSearchParams, name: string, fallback: number): number {
  const value = options.get(name) ?? String(fallback);
  if (/^\d{1,6}$/.test(value)) return Number(value);
  throw new OperatorMistake(`${name} must be a whole number of six digits at most`);
}
