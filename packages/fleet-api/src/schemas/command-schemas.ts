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
import { anyMembers, count, flag, instant, maybe, says, text, word } from './parts.js';

const kind = word<OpenEnum<CommandKind>>();

/** What a command asks for, beside its kind. */
export const requestEntries = {
  force: maybe(says(flag, 'Override update locks.')),
  appId: maybe(says(count, 'The app that the command is about.')),
  service: maybe(says(text, 'The name of the service that the command is about.')),
  commit: maybe(says(text, 'Of `update`: the release to install. A device whose target is another one refuses.')),
  timeoutMs: maybe(says(count, 'How long the command may run once it has begun.')),
  soakMs: maybe(says(count, 'How long the services must keep running until the command has succeeded.')),
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
    rolloutId: maybe(says(text, 'The rollout that has offered it.')),
    expiresAtMs: says(instant, 'It is due until then.'),
    endsAtMs: maybe(says(instant, 'When Cloudly itself ends it if it has no result by then.')),
    listedAtMs: maybe(says(instant, 'When an answer to the node first listed it.')),
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
