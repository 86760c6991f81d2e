import type { Actor } from '../events/actor.js';
import { LATEST_INSTANT_MS } from '../fleet/join-token.js';
import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import { mintToken } from '../fleet/mint-token.js';
import type { NodeStore } from '../fleet/node-store.js';
import { runtime } from '../fleet/runtime.js';
import { labelsMistake } from '../selector/label-rules.js';
import { textMistake } from './text-mistake.js';

const DAY_MS = 24 * 3600 * 1000;
const DESCRIPTION_MAX_LENGTH = 200;

export interface JoinTokenOptions {
  /**
   * How many new nodes it admits.
   *
   * @default 1
   */
  uses?: number | undefined;
  /**
   * How long it admits new nodes.
   *
   * @default 24 hours
   */
  expiresInMs?: number | undefined;
  /**
   * Whether an operator must approve each node that it admits.
   *
   * @default false
   */
  requiresApproval?: boolean | undefined;
  /**
   * How many of its nodes may wait for approval at a time; the next one must retry later. Nodes that are approved,
   * revoked or forgotten no longer count; a node whose revocation is lifted counts again, even beyond the limit.
   *
   * @default as many as it has uses
   */
  maxPending?: number | undefined;
  /** What it is for, for operators: up to 200 characters. */
  description?: string | undefined;
  /** The first labels of the nodes that it admits; a `FleetStore` keeps them. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Who creates it. */
  createdBy?: Actor | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
  /** @default the runtime's cryptographic source */
  randomBytes?: ((byteCount: number) => Uint8Array) | undefined;
}

export interface CreatedJoinToken {
  /** For `BASEOS_JOIN_TOKEN`. It is available only here: the store keeps its hash. */
  joinToken: string;
  record: JoinTokenRecord;
}

/**
 * Creates a join token, durable when this resolves. List and revoke with the store's own `listJoinTokens` and
 * `revokeJoinToken`.
 *
 * @throws TypeError if `uses`, `expiresInMs` or `maxPending` is not a whole number from 1 up, or for a description or labels that
 *   no join token has.
 */
export async function createJoinToken(
  store: Pick<NodeStore, 'addJoinToken'>,
  options: JoinTokenOptions = {},
): Promise<CreatedJoinToken> {
  const { uses = 1, expiresInMs = DAY_MS, requiresApproval = false, maxPending } = options;
  const { description, labels = {}, createdBy } = options;
  const mistake = joinTokenMistake(options);
  if (mistake !== undefined) throw new TypeError(mistake);

  const createdAtMs = (options.now ?? runtime.now)();
  const expiresAtMs = Math.min(createdAtMs + expiresInMs, LATEST_INSTANT_MS);
  const { id, token, hash } = await mintToken('join', options.randomBytes ?? runtime.randomBytes);
  const record: JoinTokenRecord = {
    id,
    hash,
    createdAtMs,
    expiresAtMs,
    maxUses: uses,
    usedCount: 0,
    requiresApproval,
    ...(maxPending !== undefined && { maxPending }),
    ...(description !== undefined && description !== '' && { description }),
    ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
    ...(createdBy !== undefined && { createdBy }),
  };
  await store.addJoinToken(record);
  return { joinToken: token, record };
}

/** Why there is no such join token, in a sentence; `undefined` if there is. */
export function joinTokenMistake(options: JoinTokenOptions): string | undefined {
  const { uses, expiresInMs, maxPending, description = '', labels = {} } = options;
  for (const [name, value] of Object.entries({ uses, expiresInMs, maxPending })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue;
    return `${name} must be a whole number from 1 up, but is ${value}`;
  }
  return textMistake('The description', description, DESCRIPTION_MAX_LENGTH) ?? labelsMistake(labels);
}
