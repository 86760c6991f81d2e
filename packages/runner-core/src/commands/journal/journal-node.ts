import type { Identity } from '../../identity/identity.js';
import type { JournalNode } from './command-journal.js';

/** Whose journal it is that an agent of this identity uses. */
export function journalNode({ nodeId, enrolment }: Identity, origin: string): JournalNode {
  return {
    nodeId,
    origin: enrolment?.registrationOrigin ?? (enrolment?.origin || origin),
    isEnrolled: enrolment?.nodeToken !== undefined || enrolment?.cloudlyId !== undefined,
  };
}
