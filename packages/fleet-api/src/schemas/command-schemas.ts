import type {
  CancelledCommand,
  CommandOrder,
  CommandRecord,
  CommandWarning,
  QueuedCommand,
} from '@serve.zone/baseos-cloudly-handlers';
import {
  type CommandKind,
  commandKinds,
  type CommandOutcome,
  type CommandPhase,
  type CommandRequest,
  type OpenEnum,
} from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { describes } from './describes.js';
import { anyMembers, count, flag, instant, maybe, text, word } from './parts.js';

const kind = word<OpenEnum<CommandKind>>();

const requestEntries = {
  force: maybe(flag),
  appId: maybe(count),
  service: maybe(text),
  commit: maybe(text),
  timeoutMs: maybe(count),
  soakMs: maybe(count),
};

const commandRequest = describes<CommandRequest>()(v.strictObject({ kind, ...requestEntries }));

/** The fleet judges what it says; here, it only has the right form. */
export const commandOrder = describes<CommandOrder>()(
  v.strictObject({
    kind: v.picklist(commandKinds),
    ...requestEntries,
    of: maybe(commandRequest),
    expiresInMs: maybe(count),
  }),
);

export const commandRecord = describes<CommandRecord>()(
  v.object({
    id: text,
    kind,
    ...requestEntries,
    of: maybe(v.object({ kind, ...requestEntries })),
    queuedAtMs: instant,
    rolloutId: maybe(text),
    expiresAtMs: instant,
    endsAtMs: maybe(instant),
    listedAtMs: maybe(instant),
    running: maybe(
      v.object({
        phase: word<OpenEnum<CommandPhase>>(),
        reason: maybe(text),
        progressPercent: maybe(v.number()),
        phaseBeganAtMs: instant,
        reportedAtMs: instant,
      }),
    ),
    cancelledAtMs: maybe(instant),
    endedAtMs: maybe(instant),
    result: maybe(
      v.object({
        outcome: word<OpenEnum<CommandOutcome>>(),
        durationMs: maybe(count),
        error: maybe(v.object({ code: text, message: text })),
        details: maybe(anyMembers),
        receivedAtMs: instant,
      }),
    ),
  }),
);

export const commandWarning = describes<CommandWarning>()(
  v.picklist(['not-accepted', 'force-not-accepted', 'node-pending', 'node-revoked', 'clone-suspected', 'legacy-node']),
);

export const queuedCommand = describes<QueuedCommand>()(
  v.object({ command: commandRecord, warnings: v.array(commandWarning) }),
);

export const cancelledCommand = describes<CancelledCommand>()(
  v.object({
    outcome: v.picklist(['cancelled', 'withdrawn', 'already-begun', 'too-late', 'already-over']),
    command: commandRecord,
  }),
);
