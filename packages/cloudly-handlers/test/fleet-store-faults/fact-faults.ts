import type { NodeProfile } from '../../src/fleet/node-profile.js';
import type { FleetNode } from '../../src/fleet-store/fleet-node.js';
import { showing, perStore, type Fault, type Faults, type OperatorFault } from './fault.js';

export const factFaults: Faults = {
  'forgets names when it derives facts': {
    breaks: ['derives the facts of a node'],
    operator: showing((node) => ({ ...node, facts: { ...node.facts, name: undefined } as never })),
  },
  'derives facts of reports that it does not keep': {
    breaks: ['keeps facts as they are'],
    ...afterReports((node, hostname) => ({ ...node, facts: { ...node.facts, hostname } })),
  },
  'shows free storage to the percent': {
    breaks: ['knows the free storage'],
    operator: showing(({ facts: { freeStoragePercent, ...facts }, ...node }) => ({
      ...node,
      facts: { ...facts, ...(freeStoragePercent !== undefined && { freeStoragePercent: freeStoragePercent + 2 }) },
    })),
  },
  'never suspects anybody': {
    breaks: ['shows while two devices'],
    operator: showing((node) => ({ ...node, facts: { ...node.facts, isCloneSuspected: false } })),
  },
  'drops the labels of join tokens': {
    breaks: ['gives a node the labels of its join token'],
    store: (store) => ({ addJoinToken: ({ labels: _dropped, ...joinToken }) => store.addJoinToken(joinToken) }),
  },
  'keeps what people wrote of a node that is forgotten': {
    breaks: ['keeps nothing of a node that is forgotten', 'never writes a profile of a node that was forgotten'],
    operator: rememberingProfiles(),
  },
};

function afterReports(alter: (node: FleetNode, hostname: string) => FleetNode): Omit<Fault, 'breaks'> {
  let hostname: string | undefined;
  return {
    store: (store) => ({
      saveReport(nodeId, report) {
        hostname = report.status?.host.hostname ?? hostname;
        return store.saveReport(nodeId, report);
      },
    }),
    operator: showing((node) => (hostname === undefined ? node : alter(node, hostname))),
  };
}

/** By node ID, whichever node that is. */
function rememberingProfiles(): OperatorFault {
  const profilesOf = perStore(() => new Map<string, NodeProfile>());
  return (operator, _by, store) => ({
    async findProfile(nodeId) {
      const found = await operator.findProfile(nodeId);
      return found && { ...profilesOf(store).get(nodeId), ...found };
    },
    async replaceProfile(profile) {
      profilesOf(store).set(profile.nodeId, profile);
      const found = await operator.findProfile(profile.nodeId);
      return operator.replaceProfile({ ...profile, revision: found?.revision ?? profile.revision });
    },
  });
}
