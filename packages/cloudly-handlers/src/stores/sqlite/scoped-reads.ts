import { isInScope } from '../../selector/matches.js';
import type { Behalf } from '../records/behalf.js';
import { profileOf, type ProfileRow } from '../records/profile-rows.js';
import type { Database } from './database.js';

export interface ScopedReads {
  /** Whether a node that there is is in scope; within a `write`, or a read of one instant. */
  isVisible(this: void, behalf: Behalf, nodeId: string): boolean;
  /** Resolves with what `work` reads of a node, with `none` if the node is out of scope. */
  readOf<Result, None>(
    this: void,
    behalf: Behalf,
    nodeId: string,
    work: () => Result,
    none: None,
  ): Promise<Result | None>;
}

export function createScopedReads({ prepare, read, readAtOnce }: Database): ScopedReads {
  const profile = prepare<ProfileRow>('SELECT node_id, revision, record FROM node_profile WHERE node_id = ?');

  const isVisible = ({ scope }: Behalf, nodeId: string): boolean => {
    if (scope === undefined) return true;
    const row = profile.get(nodeId);
    return row !== undefined && isInScope(scope, profileOf(row).labels);
  };

  return {
    isVisible,
    readOf: (behalf, nodeId, work, none) =>
      behalf.scope === undefined ? read(work) : readAtOnce(() => (isVisible(behalf, nodeId) ? work() : none)),
  };
}
