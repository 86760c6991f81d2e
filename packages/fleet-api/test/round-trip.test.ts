import {
  alertKindNames,
  alertUrgencies,
  type CallerFleet,
  countFields,
  deliveryStates,
  type FleetCursor,
  fleetEventKinds,
  isFleetError,
  parseSelector,
  type SelectorInput,
  sortKeys,
} from '@serve.zone/baseos-cloudly-handlers';
import { anySelector, labelKey, oddText } from '@serve.zone/baseos-cloudly-handlers/fixtures/any-selector';
import { boss } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { commandKinds, limits } from '@serve.zone/baseos-contracts';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { recordCalls } from './fixtures/recorded-fleet.js';
import { serveFleet } from './fixtures/remote-fleet.js';

type Args<Name extends keyof CallerFleet> = Parameters<CallerFleet[Name]>;

/** What a URL or JSON might take for its own. */
const text = fc.oneof(oddText, fc.constantFrom('a/b', '?', '#', '%2F', '..a', 'live', '&x=1', 'null', '+', ' a ', '"'));
const id = text;
const revision = fc.option(fc.nat(), { nil: undefined });
const number = fc.integer({ min: -10, max: 2 ** 50 });
const maybeNumber = fc.option(number, { nil: undefined });
const maybeKinds = fc.option(fc.subarray(fleetEventKinds), { nil: undefined });
const maybeText = fc.option(text, { nil: undefined });
const uuid = fc.uuid();
const labels = fc.dictionary(labelKey, fc.option(text));
const selector = fc.option(fc.oneof(text, anySelector), { nil: undefined });
const change = fc.record({ revision });
const updatesMode = fc.constantFrom('free', 'gated', 'own');
const by = fc.oneof(
  fc.constantFrom(...countFields),
  labelKey.map((key): `label.${string}` => `label.${key}`),
);
const cursor: Arbitrary<FleetCursor> = fc.record({
  value: fc.oneof(text, number, fc.double({ noNaN: true, noDefaultInfinity: true })),
  nodeId: id,
});
const request = {
  force: fc.boolean(),
  appId: fc.nat(),
  service: text,
  commit: text,
  timeoutMs: fc.nat(),
  soakMs: fc.nat(),
};
const order = fc.record(
  {
    kind: fc.constantFrom(...commandKinds),
    ...request,
    of: fc.record({ kind: fc.constantFrom(...commandKinds), ...request }, { requiredKeys: ['kind'] }),
    expiresInMs: fc.nat(),
  },
  { requiredKeys: ['kind'] },
);
const action = fc.oneof(
  fc.constantFrom('approve', 'revoke', 'unrevoke', 'forget', 'rotate-token').map((kind) => ({ kind })),
  updatesMode.map((mode) => ({ kind: 'set-updates' as const, updatesMode: mode })),
  labels.map((changes) => ({ kind: 'label' as const, labels: changes })),
  order.map((asked) => ({ kind: 'command' as const, order: asked })),
);

const alertFilter = {
  kinds: fc.option(fc.subarray([...alertKindNames]), { nil: undefined }),
  urgencies: fc.option(fc.subarray([...alertUrgencies]), { nil: undefined }),
  isSnoozed: fc.option(fc.boolean(), { nil: undefined }),
  selector,
};
const someLimits = fc.record(
  {
    maxInFlight: number,
    failPercent: number,
    failMin: number,
    attempts: number,
    commandDueMs: number,
    deferredDueMs: number,
  },
  { requiredKeys: [] },
);
const perGroup = fc.record({ label: text, max: number });
const waves = fc.array(
  fc.record(
    {
      select: text,
      size: fc.oneof(fc.record({ count: number }), fc.record({ percent: number })),
      gate: fc.constantFrom('auto' as const, 'manual' as const),
      soakMs: number,
    },
    { requiredKeys: [] },
  ),
);
const rolloutWindow = fc.record({ cron: text, zone: text, durationMs: number });
const rolloutCommand = fc.record({ kind: fc.constantFrom(...commandKinds), ...request }, { requiredKeys: ['kind'] });
const rolloutParts = { waves, isDynamic: fc.boolean(), needsApproval: fc.boolean() };
const limitChanges = fc
  .tuple(someLimits, fc.option(fc.option(perGroup), { nil: undefined }))
  .map(([limit, groups]) => (groups === undefined ? limit : Object.assign(limit, { perGroup: groups })));

const anyArgs: { [Name in keyof CallerFleet]: Arbitrary<Args<Name>> } = {
  summary: fc.tuple(),
  listNodes: fc.tuple(
    fc.record({
      selector,
      sort: fc.option(fc.record({ by: fc.constantFrom(...sortKeys), isDescending: fc.boolean() }), { nil: undefined }),
      after: fc.option(cursor, { nil: undefined }),
      limit: maybeNumber,
    }),
  ),
  countNodes: fc.tuple(fc.record({ selector, max: maybeNumber })),
  countBy: fc.tuple(by, fc.record({ selector, limit: maybeNumber })),
  liveNodes: fc.tuple(fc.array(fc.constantFrom('a', 'gate-1', 'x.y_z', 'a/b', '#'), { minLength: 1 })),
  getNode: fc.tuple(id),
  resolveNode: fc.tuple(text),
  history: fc.tuple(id, fc.constantFrom('detail', 'hours')),
  timeline: fc.tuple(id, fc.record({ before: maybeNumber, limit: maybeNumber })),
  listEvents: fc.tuple(
    fc.record({
      after: maybeNumber,
      before: maybeNumber,
      nodeId: fc.option(id, { nil: undefined }),
      kinds: fc.option(fc.subarray(fleetEventKinds), { nil: undefined }),
      isAudit: fc.option(fc.boolean(), { nil: undefined }),
      limit: maybeNumber,
    }),
  ),
  eventsEpoch: fc.tuple(),
  rename: fc.tuple(id, maybeText, change),
  setNotes: fc.tuple(id, maybeText, change),
  label: fc.tuple(id, labels, change),
  labelKeys: fc.tuple(maybeNumber),
  labelValues: fc.tuple(labelKey, maybeNumber),
  approve: fc.tuple(id, fc.option(fc.record({ approvalCode: maybeText }), { nil: undefined })),
  revoke: fc.tuple(id),
  unrevoke: fc.tuple(id),
  forget: fc.tuple(id),
  allowRebind: fc.tuple(id, fc.record({ approvalCode: text })),
  resolveClone: fc.tuple(id, text),
  rotateToken: fc.tuple(id),
  voidTokens: fc.tuple(id, maybeText),
  setUpdatesMode: fc.tuple(id, updatesMode),
  queueCommand: fc.tuple(id, order, uuid),
  cancelCommand: fc.tuple(id, uuid),
  getCommand: fc.tuple(id, uuid),
  listCommands: fc.tuple(id, maybeNumber),
  createJoinToken: fc.tuple(
    fc.option(
      fc.record({
        uses: maybeNumber,
        expiresInMs: maybeNumber,
        requiresApproval: fc.option(fc.boolean(), { nil: undefined }),
        maxPending: maybeNumber,
        description: maybeText,
        labels: fc.option(fc.dictionary(labelKey, text), { nil: undefined }),
      }),
      { nil: undefined },
    ),
  ),
  listJoinTokens: fc.tuple(),
  revokeJoinToken: fc.tuple(id, maybeText),
  listViews: fc.tuple(),
  saveView: fc.tuple(
    fc.record({
      id: uuid,
      revision,
      name: text,
      selector: text,
      sort: maybeText,
      columns: fc.option(fc.array(text), { nil: undefined }),
    }),
  ),
  removeView: fc.tuple(uuid),
  previewBulk: fc.tuple(fc.record({ id: uuid, action, selector: text })) as Arbitrary<Args<'previewBulk'>>,
  confirmBulk: fc.tuple(uuid, fc.nat()),
  runBulk: fc.tuple(uuid),
  stopBulk: fc.tuple(uuid),
  bulkProgress: fc.tuple(uuid),
  bulkResults: fc.tuple(
    uuid,
    fc.record(
      { outcome: fc.constantFrom('done', 'failed', 'skipped'), afterNodeId: id, limit: number },
      { requiredKeys: [] },
    ),
  ),
  listBulk: fc.tuple(maybeNumber),
  listWebhooks: fc.tuple(),
  createWebhook: fc.tuple(
    fc.record({ id: uuid, name: text, url: text, kinds: maybeKinds, selector: maybeText }),
  ) as Arbitrary<Args<'createWebhook'>>,
  changeWebhook: fc.tuple(
    uuid,
    fc.record({
      name: maybeText,
      url: maybeText,
      kinds: fc.oneof(maybeKinds, fc.constant(null)),
      selector: fc.oneof(maybeText, fc.constant(null)),
    }),
    change,
  ),
  removeWebhook: fc.tuple(uuid),
  rotateWebhookSecret: fc.tuple(uuid),
  enableWebhook: fc.tuple(uuid, fc.option(fc.record({ fromNow: fc.boolean() }), { nil: undefined })),
  disableWebhook: fc.tuple(uuid),
  testWebhook: fc.tuple(uuid),
  listDeliveries: fc.tuple(
    uuid,
    fc.record({
      state: fc.option(fc.constantFrom(...deliveryStates), { nil: undefined }),
      before: maybeNumber,
      limit: maybeNumber,
    }),
  ),
  resendDelivery: fc.tuple(uuid, id),
  listAlerts: fc.tuple(
    fc.record({
      ...alertFilter,
      after: fc.option(fc.record({ rank: fc.nat(), sinceMs: fc.nat(), id }), { nil: undefined }),
      limit: maybeNumber,
    }),
  ),
  countAlerts: fc.tuple(fc.record(alertFilter)),
  snoozeAlert: fc.tuple(id, fc.record({ untilMs: number, note: maybeText })),
  unsnoozeAlert: fc.tuple(id),
  startMaintenance: fc.tuple(
    fc.record({ id: uuid, selector: text, fromMs: maybeNumber, untilMs: number, note: maybeText }),
  ),
  listMaintenance: fc.tuple(fc.record({ isOpen: fc.option(fc.boolean(), { nil: undefined }), limit: maybeNumber })),
  endMaintenance: fc.tuple(uuid),
  createRollout: fc.tuple(
    fc.record(
      {
        id: uuid,
        name: text,
        command: rolloutCommand,
        selector: text,
        ...rolloutParts,
        limits: fc.tuple(someLimits, perGroup).map(([limit, groups]) => Object.assign(limit, { perGroup: groups })),
        window: rolloutWindow,
      },
      { requiredKeys: ['id', 'name', 'command', 'selector'] },
    ),
  ) as Arbitrary<Args<'createRollout'>>,
  changeRollout: fc.tuple(
    uuid,
    fc.record(
      {
        name: text,
        command: rolloutCommand,
        selector: text,
        ...rolloutParts,
        limits: limitChanges,
        window: fc.option(rolloutWindow),
      },
      { requiredKeys: [] },
    ),
    change,
  ) as Arbitrary<Args<'changeRollout'>>,
  previewRollout: fc.tuple(uuid),
  startRollout: fc.tuple(uuid),
  approveRollout: fc.tuple(uuid),
  pauseRollout: fc.tuple(uuid),
  resumeRollout: fc.tuple(
    uuid,
    fc.record(
      { failed: fc.constantFrom('retry' as const, 'leave-out' as const), limits: limitChanges },
      { requiredKeys: [] },
    ),
  ),
  stopRollout: fc.tuple(uuid),
  pauseAllRollouts: fc.tuple(),
  takeOverMember: fc.tuple(uuid, id),
  getRollout: fc.tuple(uuid),
  listRollouts: fc.tuple(
    fc.record(
      {
        states: fc.subarray(['draft' as const, 'starting' as const, 'running' as const, 'finished' as const]),
        limit: number,
      },
      { requiredKeys: [] },
    ),
  ),
  listRolloutMembers: fc.tuple(
    uuid,
    fc.record(
      {
        states: fc.subarray(['held' as const, 'offered' as const, 'skipped' as const]),
        wave: fc.nat(),
        group: text,
        afterNodeId: id,
        limit: number,
      },
      { requiredKeys: [] },
    ),
  ),
  why: fc.tuple(id),
  recover: fc.tuple(fc.nat({ max: limits.retryAfterMaxMs })),
};

/** As JSON has it, and a selector as its text means it. */
function plain(args: readonly unknown[]): unknown {
  const meant = args.map((arg) => {
    if (typeof arg !== 'object' || arg === null || !('selector' in arg)) return arg ?? {};
    return { ...arg, selector: meaning(arg.selector as SelectorInput | undefined) };
  });
  return JSON.parse(JSON.stringify(meant));
}

function meaning(selected: SelectorInput | undefined): unknown {
  if (typeof selected !== 'string') return selected;
  try {
    return parseSelector(selected);
  } catch {
    return selected;
  }
}

test.each(Object.entries(anyArgs))('%s arrives at the fleet as its caller makes it', async (name, given) => {
  const { fleet, calls } = recordCalls();
  const { clientOf, errors } = serveFleet(fleet);
  const call = clientOf(boss)[name as keyof CallerFleet] as (...args: unknown[]) => Promise<unknown>;
  await fc.assert(
    fc.asyncProperty(given as Arbitrary<unknown[]>, async (args) => {
      calls.length = 0;
      const error: unknown = await call(...args).catch((reason: unknown) => reason);
      expect(isFleetError(error) && error.code).toBe('node-unknown');
      expect(calls.map((made) => made.name)).toEqual([name]);
      const [[caller, ...arrived] = []] = calls.map((made) => made.args);
      expect(caller).toEqual(boss);
      // Of a job, the server says how it is carried out.
      const compared = name === 'runBulk' ? arrived.slice(0, 1) : arrived;
      expect(plain(withoutAbsent(compared))).toEqual(plain(withoutAbsent(args)));
      expect(errors).toEqual([]);
    }),
    { numRuns: howMany(15, 100) },
  );
});

/** An option that is not given, and one that says nothing, are the same. */
function withoutAbsent(args: readonly unknown[]): readonly unknown[] {
  const last = args.at(-1);
  const isAbsent = args.length > 0 && (last === undefined || JSON.stringify(last) === '{}');
  return isAbsent ? withoutAbsent(args.slice(0, -1)) : args;
}
