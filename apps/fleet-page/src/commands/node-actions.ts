import type { BulkAction, NeededRole, UpdatesMode } from '@serve.zone/baseos-cloudly-handlers';
import { readLabels } from './read-labels.js';

/** What is typed into the form of an action. */
export interface ActionValues {
  service: string;
  commit: string;
  force: boolean;
  labels: string;
  updatesMode: UpdatesMode;
}

export const noValues: ActionValues = { service: '', commit: '', force: false, labels: '', updatesMode: 'gated' };

/** Something that operators do to one node, or to many. */
export interface NodeAction {
  id: string;
  /** A verb, with its object if it is not the node. */
  verb: string;
  needed: NeededRole;
  /** It cannot be undone, or locks somebody out. */
  isDangerous?: boolean;
  /** What happens. */
  what: string;
  asks: readonly (keyof ActionValues)[];
  make: (values: ActionValues) => BulkAction;
}

type Order = Extract<BulkAction, { kind: 'command' }>['order'];

function command(order: Order, { service, commit, force }: ActionValues): BulkAction {
  return {
    kind: 'command',
    order: {
      ...order,
      ...(service.trim() !== '' && { service: service.trim() }),
      ...(commit.trim() !== '' && { commit: commit.trim() }),
      ...(force && { force }),
    },
  };
}

/** In the order in which they are offered. */
export const nodeActions: readonly NodeAction[] = [
  {
    id: 'update',
    verb: 'Update',
    needed: 'operate',
    what: 'The device installs the release that its target names. With a gate, this is what opens it.',
    asks: ['commit', 'force'],
    make: (values) => command({ kind: 'update' }, values),
  },
  {
    id: 'restart-app',
    verb: 'Restart the app',
    needed: 'operate',
    what: 'All services of the app stop and start again.',
    asks: ['force'],
    make: (values) => command({ kind: 'restart-app' }, values),
  },
  {
    id: 'restart-service',
    verb: 'Restart a service',
    needed: 'operate',
    what: 'One service stops and starts again.',
    asks: ['service', 'force'],
    make: (values) => command({ kind: 'restart-service' }, values),
  },
  {
    id: 'reboot',
    verb: 'Reboot',
    needed: 'operate',
    what: 'The device starts again, with all that runs on it.',
    asks: ['force'],
    make: (values) => command({ kind: 'reboot' }, values),
  },
  {
    id: 'blink',
    verb: 'Identify',
    needed: 'operate',
    what: 'The LED of the device blinks, so that somebody can find it.',
    asks: [],
    make: (values) => command({ kind: 'blink' }, values),
  },
  {
    id: 'label',
    verb: 'Change labels',
    needed: 'operate',
    what: 'Labels that are named here are set or removed. All others stay.',
    asks: ['labels'],
    make: ({ labels }) => ({ kind: 'label', labels: readLabels(labels) }),
  },
  {
    id: 'set-updates',
    verb: 'Set how updates come',
    needed: 'operate',
    what: 'Gated devices download a release and wait for the command update. Free ones install it at once.',
    asks: ['updatesMode'],
    make: ({ updatesMode }) => ({ kind: 'set-updates', updatesMode }),
  },
  {
    id: 'rotate-token',
    verb: 'Rotate the node token',
    needed: 'operate',
    what: 'The node gets another token with its next heartbeat, and the one of now ends.',
    asks: [],
    make: () => ({ kind: 'rotate-token' }),
  },
  {
    id: 'revoke',
    verb: 'Revoke',
    needed: 'admin',
    isDangerous: true,
    what: 'The node is locked out until somebody lifts that. It checks in once an hour.',
    asks: [],
    make: () => ({ kind: 'revoke' }),
  },
  {
    id: 'unrevoke',
    verb: 'Lift the revocation',
    needed: 'admin',
    what: 'The node is let in again.',
    asks: [],
    make: () => ({ kind: 'unrevoke' }),
  },
  {
    id: 'forget',
    verb: 'Forget',
    needed: 'admin',
    isDangerous: true,
    what: 'The node and all its data are removed. This cannot be undone.',
    asks: [],
    make: () => ({ kind: 'forget' }),
  },
];
