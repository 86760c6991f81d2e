import { createHash } from 'node:crypto';
import {
  commandOutcomes,
  commandResultSchema,
  commandSchema,
  type UpdateMode,
  updateModes,
} from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { canonicalJson } from '../../values/canonical-json.js';
import type { JournalEntry, ListedCommand } from './journal-entry.js';

/** What a journal holds, whatever keeps it. */
export interface JournalContent {
  /** The oldest first. */
  entries: readonly JournalEntry[];
  /** How Cloudly last wanted the device to take releases; absent while the node's own configuration decides. */
  updates?: UpdateMode | undefined;
  /**
   * It may lack a command that was begun: it was made of a copy or of nothing, and no answer has listed since what is due. An
   * agent that is killed until then must not leave a journal that the next one trusts.
   */
  isIncomplete?: true | undefined;
}

/** Whose journal it is. Another node's, or another Cloudly's, is not used. */
export interface JournalOwner {
  nodeId: string;
  /** By which Cloudly knows the node: the same after its address has changed. */
  origin: string;
}

export interface JournalDocument extends JournalOwner, JournalContent {}

const JOURNAL_FORMAT = 1;

export function serializeJournal({ nodeId, origin, updates, isIncomplete, entries }: JournalDocument): Uint8Array {
  const content = { format: JOURNAL_FORMAT, nodeId, origin, updates, isIncomplete, entries };
  return new TextEncoder().encode(`${JSON.stringify({ ...content, checksum: checksumOf(content) })}\n`);
}

export type ParsedJournal =
  | { kind: 'read'; document: JournalDocument }
  /** Whole, and of a later format that this version cannot read. */
  | { kind: 'newer'; format: number }
  /** Torn, altered or of something else. */
  | { kind: 'damaged' };

/** What a later format keeps of this one is read. */
export function parseJournal(bytes: Uint8Array): ParsedJournal {
  try {
    const { checksum, ...content } = v.parse(
      markedSchema,
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)),
    );
    if (checksum !== checksumOf(content)) return { kind: 'damaged' };
    const { output, success } = v.safeParse(documentSchema, content);
    if (!success)
      return content.format > JOURNAL_FORMAT ? { kind: 'newer', format: content.format } : { kind: 'damaged' };
    const { nodeId, origin, updates, isIncomplete, entries } = output;
    return {
      kind: 'read',
      document: {
        nodeId,
        origin,
        updates: v.is(updatesSchema, updates) ? updates : undefined,
        ...(isIncomplete !== undefined && { isIncomplete: true as const }),
        entries: entries.flatMap(readEntry),
      },
    };
  } catch {
    return { kind: 'damaged' };
  }
}

const text = v.string();
const number = v.number();
const updatesSchema = v.picklist(updateModes);

/** What every format has. */
const markedSchema = v.looseObject({ format: number, checksum: text });

const documentSchema = v.looseObject({
  nodeId: text,
  origin: text,
  updates: v.optional(v.unknown()),
  isIncomplete: v.optional(v.unknown()),
  entries: v.array(v.unknown()),
});

const commandOfEntry = v.pipe(
  v.record(text, v.unknown()),
  v.transform((command) => ({ ...command, expiresInMs: 0 })),
  commandSchema,
  v.transform(({ expiresInMs: _none, ...command }): ListedCommand => command),
);

const notesSchema = v.object({
  kernelBootId: v.optional(text),
  appId: v.optional(number),
  containers: v.record(text, text),
  fromCommit: v.optional(text),
  targetCommit: v.optional(text),
});

const timeSchema = v.object({ spentMs: number, kernelBootId: v.optional(text), uptimeMs: v.optional(number) });

const takenAt = v.optional(text);

const entrySchema = v.variant('state', [
  v.object({ state: v.literal('taken'), id: text, takenAt, command: commandOfEntry }),
  v.object({
    state: v.literal('asked'),
    id: text,
    takenAt,
    command: commandOfEntry,
    notes: notesSchema,
    time: timeSchema,
    stopped: v.optional(v.literal(true)),
    verifying: v.optional(v.literal(true)),
  }),
  v.object({
    state: v.literal('ended'),
    id: text,
    takenAt,
    kind: text,
    service: v.optional(text),
    result: commandResultSchema,
    endedAt: text,
  }),
  v.object({
    state: v.literal('told'),
    id: text,
    takenAt,
    kind: text,
    service: v.optional(text),
    outcome: v.picklist(commandOutcomes),
    errorCode: v.optional(text),
    message: v.optional(text),
    endedAt: v.optional(text),
    refused: v.optional(v.literal(true)),
  }),
]);

/** An entry that only a newer version can read still keeps its command from starting again. */
function readEntry(candidate: unknown): JournalEntry[] {
  const entry = v.safeParse(entrySchema, candidate);
  if (entry.success) return [entry.output];
  const named = v.safeParse(v.object({ id: text }), candidate);
  if (!named.success) return [];
  return [
    { state: 'told', id: named.output.id, kind: 'unknown', outcome: 'interrupted', errorCode: 'entry-unreadable' },
  ];
}

/** SHA-256 over everything but the checksum, its keys sorted. Every later format keeps this rule. */
function checksumOf(content: object): string {
  return `sha256:${createHash('sha256').update(canonicalJson(content)).digest('hex')}`;
}
