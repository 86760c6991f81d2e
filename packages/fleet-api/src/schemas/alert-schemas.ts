import type { AlertAction, AlertCount, Maintenance, ShownAlert } from '@serve.zone/baseos-cloudly-handlers';
import type { CommandKind } from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { alertKind, alertUrgency } from './alert-words.js';
import { describes } from './describes.js';
import { actor, count, instant, labels, maybe, text, word } from './parts.js';
import { scope } from './scope-schema.js';

const alertAction = describes<AlertAction>()(
  v.object({ call: word<AlertAction['call']>(), command: maybe(word<CommandKind>()) }),
);

export const shownAlert = describes<ShownAlert>()(
  v.object({
    id: text,
    kind: alertKind,
    urgency: alertUrgency,
    sinceMs: instant,
    openedAtMs: instant,
    closesAtMs: maybe(instant),
    node: maybe(v.object({ nodeId: text, shownName: maybe(text), labels })),
    group: maybe(v.object({ label: text, value: text, nodeCount: count, selector: text })),
    snooze: maybe(v.object({ untilMs: instant, note: maybe(text), by: actor, atMs: instant })),
    maintenanceUntilMs: maybe(instant),
    remedy: text,
    actions: v.array(alertAction),
  }),
);

export const alertCount = describes<AlertCount>()(v.object({ kind: alertKind, count, snoozedCount: count }));

export const maintenance = describes<Maintenance>()(
  v.object({
    id: text,
    selector: text,
    fromMs: instant,
    untilMs: instant,
    note: maybe(text),
    createdBy: actor,
    createdAtMs: instant,
    scope: maybe(scope),
    endedAtMs: maybe(instant),
  }),
);
