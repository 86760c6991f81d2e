import type { CommandKind } from '@serve.zone/baseos-contracts';

const MINUTE_MS = 60_000;

/** From the least to the most urgent. */
export const alertUrgencies = ['low', 'medium', 'high'] as const;

/**
 * - `high`: somebody should look now.
 * - `medium`: today.
 * - `low`: when there is time.
 */
export type AlertUrgency = (typeof alertUrgencies)[number];

/** A call of `Fleet` that may mend it, and the command to send if it is `queueCommand`. */
export interface AlertAction {
  call: AlertCall;
  command?: CommandKind;
}

export type AlertCall =
  | 'allowRebind'
  | 'approve'
  | 'forget'
  | 'getNode'
  | 'history'
  | 'listNodes'
  | 'queueCommand'
  | 'resolveClone'
  | 'revoke'
  | 'setUpdatesMode'
  | 'startMaintenance';

export interface AlertKindDetails {
  /** When it opens, in a sentence without its full stop. */
  what: string;
  urgency: AlertUrgency;
  /** How long its condition must last before it opens. */
  opensAfterMs: number;
  /** How long its condition must be gone before it closes. */
  closesAfterMs: number;
  /** What a person can do about it, in sentences. */
  remedy: string;
  actions: readonly AlertAction[];
}

/** Every kind of alert about a node, in the order to show them in. */
const kindsOfNodes = {
  'clone-suspected': {
    what: 'Two devices seem to use the identity of a node. Neither gets commands',
    urgency: 'high',
    opensAfterMs: 0,
    closesAfterMs: 0,
    remedy: 'Find out which of the two devices is the right one, and choose its process. Then reset the other device.',
    actions: [{ call: 'resolveClone' }],
  },
  'crash-loop': {
    what: 'The agent has restarted five times within an hour. It closes after an hour without a restart',
    urgency: 'high',
    opensAfterMs: 0,
    closesAfterMs: 0,
    remedy:
      "Read the log of the service baserunner in the device's balena dashboard. If the restarts began with a release, go back to the one before it.",
    actions: [{ call: 'getNode' }, { call: 'queueCommand', command: 'reboot' }],
  },
  offline: {
    what: 'A node is offline',
    urgency: 'high',
    opensAfterMs: 2 * MINUTE_MS,
    closesAfterMs: 5 * MINUTE_MS,
    remedy:
      'Check the power and the network of the device. If it is meant to be off, start a maintenance; if it is gone for good, forget it.',
    actions: [{ call: 'history' }, { call: 'startMaintenance' }, { call: 'forget' }],
  },
  'supervisor-unauthorized': {
    what: 'The Supervisor refuses the key of the agent',
    urgency: 'medium',
    opensAfterMs: 5 * MINUTE_MS,
    closesAfterMs: 5 * MINUTE_MS,
    remedy:
      "The service baserunner needs the label io.balena.features.supervisor-api. If it has it, restart the service from the device's balena dashboard, so that it gets the new key.",
    actions: [{ call: 'getNode' }],
  },
  'supervisor-unreachable': {
    what: 'The Supervisor does not answer, or answers with errors',
    urgency: 'medium',
    opensAfterMs: 10 * MINUTE_MS,
    closesAfterMs: 5 * MINUTE_MS,
    remedy:
      'Restart the service balena-supervisor on the device. Without a Supervisor, the device gets no releases and carries out no commands about its services.',
    actions: [{ call: 'getNode' }],
  },
  'update-failed': {
    what: 'An update fails. The lock of another service is such a failure, too',
    urgency: 'medium',
    opensAfterMs: 30 * MINUTE_MS,
    closesAfterMs: 10 * MINUTE_MS,
    remedy:
      'See which of its services holds an update lock, and whether there is storage left. The Supervisor tries again by itself; the command update tries at once, and an admin may override locks.',
    actions: [{ call: 'getNode' }, { call: 'queueCommand', command: 'update' }],
  },
  'gate-unavailable': {
    what: 'A node is to hold releases back and cannot',
    urgency: 'medium',
    opensAfterMs: 10 * MINUTE_MS,
    closesAfterMs: 5 * MINUTE_MS,
    remedy:
      'Read why in the status of the node. Until its gate is mended, the device installs releases by itself; pin it to a release in balena if it must not.',
    actions: [{ call: 'getNode' }, { call: 'setUpdatesMode' }],
  },
  'storage-low': {
    what: 'Less than 10 percent of the storage are free. It closes from 15 percent on',
    urgency: 'medium',
    opensAfterMs: 10 * MINUTE_MS,
    closesAfterMs: 10 * MINUTE_MS,
    remedy:
      'Find out what fills it, by its history: logs, data of a service, or images of old releases. Updates fail without room for the next release.',
    actions: [{ call: 'history' }, { call: 'queueCommand', command: 'restart-app' }],
  },
  'clock-off': {
    what: "The clock of a node is five minutes or more from Cloudly's. It closes below two and a half",
    urgency: 'low',
    opensAfterMs: 15 * MINUTE_MS,
    closesAfterMs: 15 * MINUTE_MS,
    remedy:
      'Make sure that the device can reach an NTP server (UDP port 123), or configure your own (on balenaOS, ntpServers in config.json).',
    actions: [{ call: 'history' }],
  },
  'pending-approval': {
    what: 'A node waits for approval',
    urgency: 'low',
    opensAfterMs: 0,
    closesAfterMs: 0,
    remedy: 'Compare its approval code with the one that your device logs, and approve it. Otherwise, reject it.',
    actions: [{ call: 'approve' }, { call: 'revoke' }],
  },
} as const satisfies Readonly<Record<string, AlertKindDetails>>;

export type NodeAlertKind = keyof typeof kindsOfNodes;

export type AlertKind = NodeAlertKind | 'group-offline';

/** Every kind of alert, in the order to show them in. */
export const alertKinds: Readonly<Record<AlertKind, AlertKindDetails>> = {
  'group-offline': {
    what: 'Many nodes with the same value of a label went offline within minutes: at least ten, or at least three that are half of those with the value. It closes once nine in ten of them are back, or fewer than three are still offline',
    urgency: 'high',
    opensAfterMs: 0,
    closesAfterMs: 5 * MINUTE_MS,
    remedy:
      'The nodes have something in common that failed: check the power, the network and the internet access of the site. If that is planned, start a maintenance.',
    actions: [{ call: 'listNodes' }, { call: 'startMaintenance' }],
  },
  ...kindsOfNodes,
};

export const nodeAlertKinds = Object.keys(kindsOfNodes) as readonly NodeAlertKind[];

export const alertKindNames = Object.keys(alertKinds) as readonly AlertKind[];

/** A number that grows with the urgency, from 1. */
export function urgencyRank(urgency: AlertUrgency): number {
  return alertUrgencies.indexOf(urgency) + 1;
}

/** The rank of the most urgent of these; 0 without any. */
export function mostUrgent(kinds: readonly AlertKind[]): number {
  return Math.max(0, ...kinds.map((kind) => urgencyRank(alertKinds[kind].urgency)));
}
