import type { HistorySlot, SavedView, ShownJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import type { Vitals } from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { describes } from './describes.js';
import { actor, count, flag, instant, labels, maybe, ofProtocol, text } from './parts.js';

export const historySlot = describes<HistorySlot>()(
  v.object({ startMs: instant, heartbeatCount: count, vitals: maybe(ofProtocol<Vitals>('Vitals')) }),
);

export const shownJoinToken = describes<ShownJoinToken>()(
  v.object({
    id: text,
    createdAtMs: instant,
    expiresAtMs: instant,
    maxUses: count,
    usedCount: count,
    requiresApproval: flag,
    maxPending: maybe(count),
    description: maybe(text),
    labels: maybe(labels),
    createdBy: maybe(text),
    revokedAtMs: maybe(instant),
    revokedReason: maybe(text),
  }),
);

export const savedView = describes<SavedView>()(
  v.object({
    id: text,
    revision: count,
    name: text,
    selector: text,
    sort: maybe(text),
    columns: maybe(v.array(text)),
    createdBy: actor,
    createdAtMs: instant,
  }),
);
