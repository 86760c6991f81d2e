import type { BulkAction, BulkJob, BulkOutcome, BulkProgress, BulkResult } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { commandOrder } from './command-schemas.js';
import { describes } from './describes.js';
import { actor, count, instant, labelChanges, maybe, text, updatesMode } from './parts.js';
import { scope } from './scope-schema.js';

export const bulkAction = describes<BulkAction>()(
  v.variant('kind', [
    v.strictObject({ kind: v.literal('approve') }),
    v.strictObject({ kind: v.literal('revoke') }),
    v.strictObject({ kind: v.literal('unrevoke') }),
    v.strictObject({ kind: v.literal('forget') }),
    v.strictObject({ kind: v.literal('rotate-token') }),
    v.strictObject({ kind: v.literal('set-updates'), updatesMode }),
    v.strictObject({ kind: v.literal('label'), labels: labelChanges }),
    v.strictObject({ kind: v.literal('command'), order: commandOrder }),
  ]),
);

export const bulkJob = describes<BulkJob>()(
  v.object({
    id: text,
    createdAtMs: instant,
    actor,
    role: v.picklist(['operate', 'admin']),
    scope: maybe(scope),
    action: bulkAction,
    selector: text,
    nodeCount: count,
    confirmUntilMs: instant,
    confirmedAtMs: maybe(instant),
    stoppedAtMs: maybe(instant),

    endedAtMs: maybe(instant),
  }),
);

export const bulkProgress = describes<BulkProgress>()(
  v.object({ job: bulkJob, done: count, failed: count, skipped: count, waiting: count }),
);

export const bulkOutcome = describes<BulkOutcome>()(v.picklist(['done', 'failed', 'skipped']));

export const bulkResult = describes<BulkResult>()(
  v.object({ nodeId: text, outcome: bulkOutcome, reason: maybe(text) }),
);
