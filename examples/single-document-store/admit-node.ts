import { randomUUID } from 'node:crypto';
import { type CreateNodeOutcome, joinTokenState, type NodeRecord } from '@serve.zone/baseos-cloudly-handlers';
import { changeDocument, untilDone } from './change-document.js';
import type { Documents } from './documents.js';
import { type Decision, documentIds, type JoinTokenDocument, type NodeDocument } from './fleet-documents.js';

/** One call of `createNode`, as its candidate names it. */
interface Attempt {
  attemptId: string;
  nodeId: string;
  joinTokenId: string;
}

type Outcome = Decision['outcome'];
type AttemptEnd = Outcome | 'undecided' | 'forgotten';

/** The decision of a join token about a candidate; nothing if it is too early. */
type Judge = (token: JoinTokenDocument, node: NodeRecord) => Promise<Outcome | undefined>;

/**
 * `createNode` of a store that is atomic on one document at a time. Three writes make a node, and a fourth tidies up:
 *
 * 1. A candidate is kept where the node will be, under the ID of this attempt. Nobody sees it.
 * 2. The join token decides: one compare-and-set of its document counts the use, and notes the decision under that ID.
 * 3. The candidate becomes the node, or is removed, as was decided.
 * 4. The note is dropped.
 *
 * Any process that finds an attempt continues it, whether the attempt's own process is slow or dead: each step is a
 * compare-and-set, and takes place once. A use that was counted is never given back.
 */
export function createNode(documents: Documents, node: NodeRecord, nowMs: number): Promise<CreateNodeOutcome> {
  const { nodeId, joinTokenId } = node;
  const judge = judgeAt(documents, nowMs);

  const readToken = () => documents.read<JoinTokenDocument>(documentIds.joinToken(joinTokenId));

  return untilDone(async () => {
    // Before the node, which may be what used the token up.
    const token = await readToken();
    const found = await documents.read<NodeDocument>(documentIds.node(nodeId));
    if (found && !found.value.isCandidate) return 'node-exists';
    if (found) {
      await carryOn(documents, attemptOf(found.value), { judge, nowMs });
      return undefined;
    }
    const foreseen = token ? await judge(token.value, node) : 'join-token-not-usable';
    if (foreseen === 'too-many-pending' && (await readToken())?.revision !== token?.revision) return undefined;
    if (foreseen !== 'created') return tellable(foreseen);
    const attempt: Attempt = { attemptId: randomUUID(), nodeId, joinTokenId };
    if (!(await documents.insert(documentIds.node(nodeId), candidate(node, attempt)))) return undefined;
    return tellable(await carryOn(documents, attempt, { judge, nowMs, isCaller: true }));
  });
}

/** Completes a candidate whose join token has decided. Resolves with `false` if it has not. */
export async function settleCandidate(documents: Documents, document: NodeDocument): Promise<boolean> {
  return (await carryOn(documents, attemptOf(document), {})) !== 'undecided';
}

/** Ends an attempt that has not been decided. A caller that still waits for it starts again. */
export async function withdrawCandidate(documents: Documents, document: NodeDocument, nowMs: number): Promise<void> {
  await carryOn(documents, attemptOf(document), { judge: async () => 'withdrawn', nowMs });
}

/** Completes what a join token has decided but no process has done yet. */
export async function settleDecisions(
  documents: Documents,
  { joinToken, decisions }: JoinTokenDocument,
): Promise<void> {
  for (const [attemptId, { nodeId, isCarriedOut }] of Object.entries(decisions)) {
    if (!isCarriedOut) await carryOn(documents, { attemptId, nodeId, joinTokenId: joinToken.id }, {});
  }
}

/** Drops the decisions on attempts whose callers no longer ask. */
export async function dropDecisions(
  documents: Documents,
  { joinToken }: JoinTokenDocument,
  beforeMs: number,
): Promise<void> {
  await changeDocument<JoinTokenDocument>(documents, documentIds.joinToken(joinToken.id), (document) => {
    const entries = Object.entries(document.decisions);
    const kept = entries.filter(([, { decidedAtMs, isCarriedOut }]) => !isCarriedOut || decidedAtMs >= beforeMs);
    return kept.length < entries.length ? { ...document, decisions: Object.fromEntries(kept) } : undefined;
  });
}

interface CarryOnOptions {
  /** Without it, an undecided attempt stays undecided. */
  judge?: Judge;
  nowMs?: number;
  /** Whether this is the caller's own attempt. */
  isCaller?: true;
}

/**
 * Completes an attempt.
 *
 * @returns what was decided; `undecided` if nothing was, `forgotten` if that was too long ago.
 */
async function carryOn(
  documents: Documents,
  attempt: Attempt,
  { judge, nowMs = 0, isCaller }: CarryOnOptions,
): Promise<AttemptEnd> {
  const { attemptId, nodeId, joinTokenId } = attempt;
  const nodeKey = documentIds.node(nodeId);
  const tokenKey = documentIds.joinToken(joinTokenId);

  const end = await untilDone(async (): Promise<AttemptEnd | undefined> => {
    // In this order: a candidate that is there after its join token was read had not been carried out before that.
    const token = await documents.read<JoinTokenDocument>(tokenKey);
    if (!token) throw new Error(`The join token ${joinTokenId} has a candidate, node ${nodeId}, and is missing`);
    const found = await documents.read<NodeDocument>(nodeKey);
    const decision = token.value.decisions[attemptId];
    if (found?.value.attemptId !== attemptId || !found.value.isCandidate) {
      const since = await documents.read<JoinTokenDocument>(tokenKey);
      return since?.value.decisions[attemptId]?.outcome ?? 'forgotten';
    }

    if (decision) {
      const { isCandidate: _decided, ...document } = found.value;
      if (decision.outcome === 'created') await documents.replace(nodeKey, found.revision, document);
      else await documents.remove(nodeKey, found.revision);
      return undefined;
    }
    if (!judge) return 'undecided';
    const outcome = await judge(token.value, found.value.node);
    if (outcome) {
      await documents.replace(tokenKey, token.revision, decide(token.value, attempt, { outcome, decidedAtMs: nowMs }));
    }
    return undefined;
  });

  if (end !== 'undecided' && end !== 'forgotten') {
    await changeDocument<JoinTokenDocument>(documents, tokenKey, (document) =>
      isCaller ? withoutDecision(document, attemptId) : withCarriedOut(document, attemptId),
    );
  }
  return end;
}

function decide(
  { joinToken, decisions }: JoinTokenDocument,
  { attemptId, nodeId }: Attempt,
  decision: Omit<Decision, 'nodeId'>,
): JoinTokenDocument {
  return {
    joinToken: decision.outcome === 'created' ? { ...joinToken, usedCount: joinToken.usedCount + 1 } : joinToken,
    decisions: { ...decisions, [attemptId]: { nodeId, ...decision } },
  };
}

function withCarriedOut(document: JoinTokenDocument, attemptId: string): JoinTokenDocument | undefined {
  const decision = document.decisions[attemptId];
  if (!decision || decision.isCarriedOut) return undefined;
  return { ...document, decisions: { ...document.decisions, [attemptId]: { ...decision, isCarriedOut: true } } };
}

function withoutDecision(document: JoinTokenDocument, attemptId: string): JoinTokenDocument | undefined {
  const { [attemptId]: known, ...decisions } = document.decisions;
  return known && { ...document, decisions };
}

/**
 * Pending nodes are counted after the join token was read, once all of its earlier decisions are carried out. The count
 * therefore includes every node that it has admitted. If it admits another one in the meantime, its document changes and the
 * compare-and-set fails.
 */
function judgeAt(documents: Documents, nowMs: number): Judge {
  return async (token, { approvedAtMs, revokedAtMs }) => {
    const { joinToken, decisions } = token;
    if (joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
    const isWaiting = approvedAtMs === undefined && revokedAtMs === undefined;
    if (!isWaiting || joinToken.maxPending === undefined) return 'created';
    if (Object.values(decisions).some(({ isCarriedOut }) => !isCarriedOut)) {
      await settleDecisions(documents, token);
      return undefined;
    }
    const waitingCount = await documents.countWaiting(joinToken.id);
    return waitingCount < joinToken.maxPending ? 'created' : 'too-many-pending';
  };
}

/** The result for the caller; an attempt without a result is started again. */
function tellable(end: AttemptEnd | undefined): CreateNodeOutcome | undefined {
  return end === 'withdrawn' || end === 'undecided' || end === 'forgotten' ? undefined : end;
}

function candidate(node: NodeRecord, { attemptId }: Attempt): NodeDocument {
  return {
    node,
    attemptId,
    isCandidate: true,
    counts: { detail: 0, hours: 0 },
    history: { detail: [], hours: [] },
    commands: [],
  };
}

function attemptOf({ attemptId, node: { nodeId, joinTokenId } }: NodeDocument): Attempt {
  return {
    attemptId,
    nodeId,
    joinTokenId,
  };
}
