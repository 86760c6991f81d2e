import { nodeIdSchema, nodeTokenSchema } from '@serve.zone/baseos-contracts';
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { canonicalJson } from '../values/canonical-json.js';
import { Secret } from '../values/secret.js';
import type { Enrolment, Identity } from '../identity/identity.js';
import { isLegacyContent, type LegacyState, parseLegacyState } from '../legacy/parse-legacy-state.js';

/** The format that this version writes. */
export const STATE_FORMAT = 1;

/** An identity as it is stored, with what a newer version stored beside it. */
export interface StateDocument {
  identity: Identity;
  /** The format of a newer version is kept, because its members are kept, too. */
  format: number;
  /** Members that this version does not know; they are written back as they were. */
  unknownMembers: Readonly<Record<string, unknown>>;
}

/** What the bytes of a state file contain. */
export type ParsedState =
  | { kind: 'usable'; document: StateDocument }
  /** The legacy format: `{ nodeId, nodeToken? }` and nothing else. */
  | (LegacyState & { kind: 'legacy'; unknownMembers: Readonly<Record<string, unknown>> })
  /** Whole, and of a newer version that changed the members we need. */
  | { kind: 'unsupported'; format: number }
  /** `document` is present if only the checksum is wrong. */
  | { kind: 'damaged'; problem: string; document?: StateDocument | undefined };

/** The bytes of a state file: readable JSON with a checksum over all the rest. */
export function serializeState({ identity, format, unknownMembers }: StateDocument): Uint8Array {
  const content = { format, ...unknownMembers, ...identityMembers(identity) };
  return new TextEncoder().encode(`${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 2)}\n`);
}

/** Never throws, whatever the bytes are. */
export function parseState(bytes: Uint8Array): ParsedState {
  if (bytes.length === 0) return { kind: 'damaged', problem: 'empty' };
  try {
    return parseContent(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return { kind: 'damaged', problem: 'not a complete JSON document' };
  }
}

function parseContent(content: unknown): ParsedState {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { kind: 'damaged', problem: 'not a state file of this agent' };
  }
  if (isLegacyContent(content)) return legacyDocument(content);
  const parsed = v.safeParse(stateSchema, content);
  const document = parsed.success ? documentOf(parsed.output, content) : undefined;
  if (!('checksum' in content) || content.checksum !== checksumOf(content)) {
    return { kind: 'damaged', problem: 'changed since it was written (its checksum does not match)', document };
  }
  if (document) return { kind: 'usable', document };
  return 'format' in content && typeof content.format === 'number' && content.format > STATE_FORMAT
    ? { kind: 'unsupported', format: content.format }
    : { kind: 'damaged', problem: 'not a state file of this agent' };
}

function legacyDocument(content: object): ParsedState {
  const legacy = parseLegacyState(content);
  // A member with one of our names but another meaning would make the written file unreadable.
  const unknownMembers = membersExcept(content, knownMembers);
  return legacy
    ? { kind: 'legacy', ...legacy, unknownMembers }
    : { kind: 'damaged', problem: 'not a state file of this agent' };
}

const secret = v.pipe(
  nodeTokenSchema,
  v.transform((text) => new Secret(text)),
);
const text = v.pipe(v.string(), v.minLength(1));

const enrolmentMembers = {
  cloudlyOrigin: v.optional(text),
  registrationOrigin: v.optional(text),
  cloudlyId: v.optional(text),
  legacy: v.optional(v.boolean()),
  nodeToken: v.optional(secret),
  enrolledAt: v.optional(text),
  previousNodeToken: v.optional(secret),
  environmentTokenDigest: v.optional(text),
  environmentTokenIsForeign: v.optional(v.boolean()),
  dormancy: v.optional(
    v.looseObject({
      since: text,
      verdictOn: v.picklist(['register', 'heartbeat']),
      joinTokenDigest: v.optional(text),
      cloudlyUrl: text,
    }),
  ),
};
const enrolmentSchema = v.looseObject(enrolmentMembers);

/** One level, so that a reader of `nodeId` and `nodeToken`, such as the legacy agent, finds them. */
const stateSchema = v.object({
  format: v.pipe(v.number(), v.safeInteger(), v.minValue(STATE_FORMAT)),
  nodeId: nodeIdSchema,
  nodeSecret: v.pipe(
    v.string(),
    v.regex(/^[\w-]{43}$/),
    v.transform((encoded) => new Secret(encoded)),
  ),
  deviceUuid: v.optional(text),
  previousNodeId: v.optional(text),
  ...enrolmentMembers,
  otherEnrolments: v.optional(v.array(enrolmentSchema)),
});

const knownMembers = [...Object.keys(stateSchema.entries), 'checksum'];

function documentOf(state: v.InferOutput<typeof stateSchema>, content: object): StateDocument {
  return {
    format: state.format,
    identity: {
      nodeId: state.nodeId,
      nodeSecret: state.nodeSecret,
      deviceUuid: state.deviceUuid,
      previousNodeId: state.previousNodeId,
      enrolment: enrolmentOf(state),
      otherEnrolments: state.otherEnrolments?.map(enrolmentOf).filter((enrolment) => enrolment !== undefined),
    },
    unknownMembers: membersExcept(content, knownMembers),
  };
}

/** Of the state itself, which holds the members of the one in force, or of one that is kept for later. */
function enrolmentOf(
  members: v.InferOutput<typeof stateSchema> | v.InferOutput<typeof enrolmentSchema>,
): Enrolment | undefined {
  if (members.cloudlyOrigin === undefined && members.nodeToken === undefined) return undefined;
  const unknownMembers = membersExcept(members, knownMembers);
  return {
    origin: members.cloudlyOrigin ?? '',
    registrationOrigin: members.registrationOrigin,
    cloudlyId: members.cloudlyId,
    legacy: members.legacy ?? false,
    nodeToken: members.nodeToken,
    enrolledAt: members.enrolledAt,
    previousNodeToken: members.previousNodeToken,
    environmentTokenDigest: members.environmentTokenDigest,
    environmentTokenIsForeign: members.environmentTokenIsForeign,
    dormancy: members.dormancy,
    ...(Object.keys(unknownMembers).length > 0 && { unknownMembers }),
  };
}

function identityMembers(identity: Identity): object {
  return {
    nodeId: identity.nodeId,
    ...(identity.enrolment && membersOf(identity.enrolment)),
    nodeSecret: identity.nodeSecret.reveal(),
    deviceUuid: identity.deviceUuid,
    previousNodeId: identity.previousNodeId,
    otherEnrolments: identity.otherEnrolments?.map(membersOf),
  };
}

function membersOf(enrolment: Enrolment): object {
  return {
    nodeToken: enrolment.nodeToken?.reveal(),
    cloudlyOrigin: enrolment.origin === '' ? undefined : enrolment.origin,
    registrationOrigin: enrolment.registrationOrigin,
    cloudlyId: enrolment.cloudlyId,
    legacy: enrolment.legacy,
    enrolledAt: enrolment.enrolledAt,
    previousNodeToken: enrolment.previousNodeToken?.reveal(),
    environmentTokenDigest: enrolment.environmentTokenDigest,
    environmentTokenIsForeign: enrolment.environmentTokenIsForeign,
    dormancy: enrolment.dormancy,
    ...enrolment.unknownMembers,
  };
}

function membersExcept(content: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(content).filter(([name]) => !names.includes(name)));
}

/** SHA-256 over everything but the checksum, its keys sorted. Every later format keeps this rule. */
function checksumOf(content: object): string {
  const canonical = canonicalJson(membersExcept(content, ['checksum']));
  return `sha256:${createHash('sha256').update(canonical).digest('hex')}`;
}
