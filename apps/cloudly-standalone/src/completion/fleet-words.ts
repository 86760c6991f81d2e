import type { FleetNode, Selector } from '@serve.zone/baseos-cloudly-handlers';
import type { ListedName } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';
import { nameNode } from '../nodes/name-node.js';
import { withFleetToRead } from '../operator/with-fleet.js';
import { within } from '../time/within.js';

/** What completion can ask a fleet for. */
export interface FleetWords {
  /** The nodes whose name, host name, ID or UUID begins so. */
  nodes: (typed: string) => Promise<ListedName[]>;
  views: () => Promise<ListedName[]>;
  rollouts: () => Promise<ListedName[]>;
}

/** A person who presses a key does not wait for a database. */
const WAIT_MS = 1000;

const NODES_MAX = 200;
const ROLLOUTS_MAX = 100;

/** Those of the fleet that the flags of a command line mean; none if it does not answer soon, for whatever reason. */
export function fleetWords(context: CommandContext, flags: Readonly<Record<string, string>>): FleetWords {
  const ask = async (work: Parameters<typeof withFleetToRead<ListedName[]>>[2]): Promise<ListedName[]> =>
    within(
      WAIT_MS,
      withFleetToRead(context, flags, work).catch(() => []),
      [],
    );
  return {
    nodes: (typed) =>
      ask(async (fleet) => {
        const { nodes } = await fleet.listNodes({ selector: containing(typed), limit: NODES_MAX });
        return nodes.flatMap((node) => namesOf(node, typed));
      }),
    views: () =>
      ask(async (fleet) => (await fleet.listViews()).map(({ name, selector }) => ({ name, description: selector }))),
    rollouts: () =>
      ask(async (fleet) =>
        (await fleet.listRollouts({ limit: ROLLOUTS_MAX })).map(({ name, state }) => ({ name, description: state })),
      ),
  };
}

function containing(typed: string): Selector {
  return { terms: typed === '' ? [] : [{ field: 'words', contains: typed, isNot: false }] };
}

/** What people call it, else that by which they may know it; never what would be a flag. */
function namesOf({ facts, state }: FleetNode, typed: string): ListedName[] {
  const { nodeId, hostname = '', uuid = '' } = facts;
  const name = [nameNode(facts), hostname, nodeId, uuid].find((each) => /^[^-]/.test(each) && each.startsWith(typed));
  return name === undefined ? [] : [{ name, description: `${state}, ${nodeId}` }];
}
