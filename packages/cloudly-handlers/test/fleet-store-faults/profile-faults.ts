import type { NodeProfile } from '../../src/fleet/node-profile.js';
import { type Faults, type OperatorFault } from './fault.js';

export const profileFaults: Faults = {
  'replaces profiles whatever their revision': {
    breaks: ['replaces a profile if its revision', 'lets one change of a profile win'],
    operator: (operator) => ({
      async replaceProfile(profile) {
        for (;;) {
          const before = await operator.findProfile(profile.nodeId);
          if (!before) return false;
          if (await operator.replaceProfile({ ...profile, revision: before.revision })) return true;
        }
      },
    }),
  },
  'counts changes of the profile in the record': {
    breaks: ['keeps profile and record apart'],
    operator: (operator) => ({
      async replaceProfile(profile) {
        const { node } = (await operator.findNode(profile.nodeId)) ?? {};
        return (await operator.replaceProfile(profile)) && (node === undefined || operator.replaceNode(node));
      },
    }),
  },
  'keeps the profile that it was given, rather than a copy': {
    breaks: ['accepts and returns profiles as copies'],
    operator: sharingProfiles(),
  },
  'keeps one line of what people write': {
    breaks: ['keeps any text that people write'],
    operator: (operator) => ({
      replaceProfile: ({ notes, ...profile }) =>
        operator.replaceProfile({ ...profile, ...(notes !== undefined && { notes: notes.replaceAll('\n', ' ') }) }),
    }),
  },
};

function sharingProfiles(): OperatorFault {
  const shared = new Map<string, NodeProfile>();
  return (operator) => ({
    async replaceProfile(profile) {
      const isReplaced = await operator.replaceProfile(profile);
      if (isReplaced) shared.set(profile.nodeId, profile);
      return isReplaced;
    },
    async findProfile(nodeId) {
      const found = await operator.findProfile(nodeId);
      const kept = shared.get(nodeId);
      return found && kept ? { ...found, labels: kept.labels } : found;
    },
  });
}
