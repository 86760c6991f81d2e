import type {
  FleetNode,
  FleetSummary,
  LiveNode,
  NodeCount,
  NodeDecision,
  NodeDetails,
  NodeFacts,
  NodeProfile,
  NodeState,
  ShownRecord,
  ValueCount,
} from '@serve.zone/baseos-cloudly-handlers';
import {
  commandKinds,
  type GateState,
  type OpenEnum,
  type RunningCommand,
  type RuntimeStatus,
  type SupervisorStatus,
  type UpdatesStatus,
  type Vitals,
} from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { shownAlert } from './alert-schemas.js';
import { nodeAlertKind } from './alert-words.js';
import { describes } from './describes.js';
import {
  count,
  flag,
  instant,
  labels,
  maybe,
  ofProtocol,
  says,
  text,
  updatesMode,
  wholeNumber,
  word,
} from './parts.js';

export const nodeState = describes<NodeState>()(
  v.picklist(['pending', 'revoked', 'never-seen', 'online', 'late', 'offline']),
);

export const nodeFacts = describes<NodeFacts>()(
  v.object({
    nodeId: text,
    registeredAtMs: instant,
    joinTokenId: text,
    approval: v.picklist(['pending', 'approved', 'revoked']),
    isCloneSuspected: flag,
    crashLoopAtMs: maybe(instant),
    isLegacy: maybe(says(v.literal(true), 'It speaks the protocol of before, which has no commands.')),
    acceptedCommands: maybe(says(v.array(v.picklist([...commandKinds, 'force'])), 'What commands it accepts.')),
    name: maybe(text),
    hostname: maybe(text),
    uuid: maybe(text),
    deviceType: maybe(text),
    osVersion: maybe(text),
    agentVersion: maybe(text),
    supervisorState: maybe(word<SupervisorStatus['state']>()),
    supervisorVersion: maybe(text),
    appId: maybe(count),
    commit: maybe(text),
    stagedCommit: maybe(text),
    updateState: maybe(v.picklist(['idle', 'downloading', 'held', 'installing', 'failed'])),
    updatesMode: maybe(word<UpdatesStatus['mode']>()),
    gate: maybe(word<OpenEnum<GateState>>()),
    freeStoragePercent: maybe(count),
    isClockOff: maybe(v.literal(true)),
    labelText: text,
    searchText: text,
  }),
);

const fleetNodeEntries = {
  facts: nodeFacts,
  labels,
  state: nodeState,
  quietSinceMs: maybe(instant),
  lastHeartbeatAtMs: maybe(instant),
  alerts: v.array(nodeAlertKind),
};

export const fleetNode = describes<FleetNode>()(v.object(fleetNodeEntries));

export const liveNode = describes<LiveNode>()(
  v.object({
    nodeId: text,
    state: nodeState,
    quietSinceMs: maybe(instant),
    lastHeartbeatAtMs: maybe(instant),
    vitals: maybe(ofProtocol<Vitals>('Vitals')),
    runningCommand: maybe(ofProtocol<RunningCommand>('RunningCommand')),
  }),
);

export const fleetSummary = describes<FleetSummary>()(
  v.object({
    nodeCount: count,
    states: v.object({
      pending: count,
      revoked: count,
      'never-seen': count,
      online: count,
      late: count,
      offline: count,
    }),
  }),
);

export const nodeCount = describes<NodeCount>()(v.object({ count, isMore: flag }));

export const valueCount = describes<ValueCount>()(v.object({ value: text, count }));

export const nodeProfile = describes<NodeProfile>()(
  v.object({ nodeId: text, revision: wholeNumber, name: maybe(text), labels, notes: maybe(text) }),
);

const issuedToken = v.object({ id: text, issuedAtMs: instant });

export const shownRecord = describes<ShownRecord>()(
  v.object({
    nodeId: text,
    revision: wholeNumber,
    approvalCode: maybe(text),
    joinTokenId: text,
    registeredAtMs: instant,
    approvedAtMs: maybe(instant),
    revokedAtMs: maybe(instant),
    rebind: maybe(v.object({ approvalCode: maybe(text), untilMs: instant })),
    currentToken: maybe(issuedToken),
    nextToken: maybe(issuedToken),
    rotationDemandedAtMs: maybe(instant),
    updatesMode: maybe(updatesMode),
    updatesModeSetAtMs: maybe(instant),
    bootId: text,
    cloneSuspectedAtMs: maybe(instant),
    cloneResolution: maybe(v.object({ atMs: instant, claimantBootIds: maybe(v.array(text)) })),
    isLegacy: flag,
  }),
);

export const nodeDecision = describes<NodeDecision>()(v.object({ record: shownRecord, hasChanged: flag }));

const updatesStatus = describes<UpdatesStatus>()(
  v.object({
    mode: word<UpdatesStatus['mode']>(),
    gate: maybe(word<OpenEnum<GateState>>()),
    staged: maybe(text),
    reason: maybe(text),
  }),
);

export const nodeDetails = describes<NodeDetails>()(
  v.object({
    ...fleetNodeEntries,
    profile: nodeProfile,
    record: shownRecord,
    lastHeartbeat: maybe(
      v.object({
        bootId: text,
        sequence: count,
        receivedAtMs: instant,
        expectedByMs: instant,
        vitals: maybe(ofProtocol<Vitals>('Vitals')),
        runningCommand: maybe(ofProtocol<RunningCommand>('RunningCommand')),
      }),
    ),
    status: maybe(
      v.object({
        bootId: text,
        receivedAtMs: instant,
        hash: maybe(text),
        updates: maybe(updatesStatus),
        status: ofProtocol<RuntimeStatus>('RuntimeStatus'),
      }),
    ),
    rivals: v.array(v.object({ bootId: text, lastSeenAtMs: maybe(instant) })),
    openAlerts: v.array(shownAlert),
  }),
);
