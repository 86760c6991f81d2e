import type { NodeReasons } from '@serve.zone/baseos-cloudly-handlers';
import type { CommandKind, CommandPhase, OpenEnum, SupervisorStatus } from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { describes } from './describes.js';
import { actor, count, flag, instant, maybe, says, text, word } from './parts.js';
import { memberReason, memberState, pauseReason } from './rollout-schemas.js';

const since = { sinceMs: maybe(says(instant, 'Since when it is so, where that is known.')) };
const namedRollout = v.object({ id: text, name: text });
const inWaves = { openWave: count, wave: count };
const command = { commandId: text, command: word<OpenEnum<CommandKind>>(), expiresAtMs: instant };

function ofRollout<const Codes extends readonly [string, ...string[]], Details extends v.ObjectEntries>(
  codes: Codes,
  details: Details,
) {
  return v.object({ ...since, rollout: namedRollout, code: v.picklist(codes), ...details });
}

function ofNode<const Codes extends readonly [string, ...string[]], Details extends v.ObjectEntries>(
  codes: Codes,
  details: Details,
) {
  return v.object({ ...since, code: v.picklist(codes), ...details });
}

const reason = v.variant('code', [
  ofRollout(['rollout-starting'], {}),
  ofRollout(['rollout-paused'], {
    reason: pauseReason,
    by: actor,
    opensAtMs: maybe(instant),
    failures: maybe(v.object({ wave: maybe(count), failed: count, ended: count })),
  }),
  ofRollout(['wave-gate'], inWaves),
  ofRollout(['wave-soaks'], { ...inWaves, untilMs: instant }),
  ofRollout(['wave-goes-on'], { ...inWaves, heldCount: count, inFlightCount: count }),
  ofRollout(['rollout-full'], { inFlightCount: count, max: count }),
  ofRollout(['group-full'], { label: text, group: text, inFlightCount: count, max: count }),
  ofRollout(['member-next'], { wave: count, heldCount: count, again: maybe(memberReason) }),
  ofRollout(['member-deferred'], {
    reason: memberReason,
    heldBy: maybe(namedRollout),
    untilMs: instant,
    waitUntilMs: maybe(instant),
  }),
  ofRollout(['member-offered', 'member-running'], { wave: count, attempt: count }),
  ofRollout(['member-over'], { state: memberState, reason: maybe(memberReason) }),
  v.object({ ...since, ...command, code: v.picklist(['command-queued', 'command-listed']) }),
  v.object({
    ...since,
    ...command,
    code: v.literal('command-running'),
    phase: word<OpenEnum<CommandPhase>>(),
    phaseReason: maybe(text),
    progressPercent: maybe(v.number()),
  }),
  ofNode(['node-pending'], { approvalCode: maybe(text) }),
  ofNode(['node-revoked', 'clone-suspected', 'legacy-node', 'node-never-seen', 'node-late', 'node-offline'], {}),
  ofNode(['supervisor-unreadable'], { state: word<SupervisorStatus['state']>(), supervisorReason: maybe(text) }),
  ofNode(['release-held'], { commit: maybe(text) }),
  ofNode(['release-waits', 'update-failed'], {}),
  ofNode(['release-comes'], { isInstalling: flag }),
  ofNode(['gate-unavailable'], { gateReason: maybe(text) }),
]);

export const nodeReasons = describes<NodeReasons>()(
  v.object({
    nodeId: text,
    reasons: says(v.array(reason), 'Those of its rollouts come first, then those of its commands and its own.'),
  }),
);
