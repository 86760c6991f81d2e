import type { BulkAction } from '@serve.zone/baseos-cloudly-handlers';
import { formatLabelChanges } from '../labels/label-changes.js';
import { nameCommand } from '../output/describe-command.js';

/** What is done to several nodes, in words. */
export interface ActionWords {
  /** Before it: `revoke`. */
  toDo: string;
  /** After it: `revoked`. */
  done: string;
}

export function describeAction(action: BulkAction): ActionWords {
  switch (action.kind) {
    case 'approve':
      return { toDo: 'approve', done: 'approved' };
    case 'revoke':
      return { toDo: 'revoke', done: 'revoked' };
    case 'unrevoke':
      return { toDo: 'lift the revocation of', done: 'no longer revoked' };
    case 'forget':
      return { toDo: 'forget', done: 'forgotten' };
    case 'rotate-token':
      return { toDo: 'replace the tokens of', done: 'with a new token from their next heartbeat on' };
    case 'set-updates':
      return { toDo: `set updates to ${action.updatesMode} for`, done: `set to ${action.updatesMode}` };
    case 'label':
      return { toDo: `label with ${formatLabelChanges(action.labels)}`, done: 'labelled' };
    default:
      return { toDo: `send the command ${nameCommand(action.order)} to`, done: 'sent the command' };
  }
}
