import type { BulkAction } from '@serve.zone/baseos-cloudly-handlers';
import { formatLabelChanges } from '../labels/label-changes.js';
import { nameCommand } from '../output/describe-command.js';

/** What is done to several nodes, in words. */
export interface ActionWords {
  /** Before it, of these nodes: `revoke 12 nodes`. */
  toDo: (nodes: string) => string;
  /** After it: `revoked`. */
  done: string;
}

export function describeAction(action: BulkAction): ActionWords {
  switch (action.kind) {
    case 'approve':
      return { toDo: (nodes) => `approve ${nodes}`, done: 'approved' };
    case 'revoke':
      return { toDo: (nodes) => `revoke ${nodes}`, done: 'revoked' };
    case 'unrevoke':
      return { toDo: (nodes) => `lift the revocation of ${nodes}`, done: 'no longer revoked' };
    case 'forget':
      return { toDo: (nodes) => `forget ${nodes}`, done: 'forgotten' };
    case 'rotate-token':
      return { toDo: (nodes) => `replace the tokens of ${nodes}`, done: 'to get new tokens' };
    case 'set-updates': {
      const { updatesMode } = action;
      return { toDo: (nodes) => `set the updates of ${nodes} to ${updatesMode}`, done: `set to ${updatesMode}` };
    }
    case 'label': {
      const changes = formatLabelChanges(action.labels);
      return { toDo: (nodes) => `label ${nodes} with ${changes}`, done: 'labelled' };
    }
    default: {
      const command = nameCommand(action.order);
      return { toDo: (nodes) => `send ${nodes} the command ${command}`, done: 'sent the command' };
    }
  }
}
