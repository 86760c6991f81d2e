import { jsonFlag } from '../output/write-json.js';

/** Of a command that changes one node, or all that a selector matches. */
export const nodesFlag = {
  type: 'positional',
  required: true,
  called: 'a node or a selector',
  offers: 'nodes-or-selector',
  description: 'One node (by ID, name, host name or device UUID), or a selector in quotes',
} as const;

/** The same where nothing else is typed: a selector of several words needs no quotes. */
export const nodesWordsFlag = {
  ...nodesFlag,
  isRepeated: true,
  description: 'One node (by ID, name, host name or device UUID), or a selector',
} as const;

export const confirmFlags = {
  yes: { type: 'boolean', alias: 'y', description: 'Do not ask whether it is meant, if it is about several nodes' },
  count: { type: 'string', valueHint: 'n', description: 'Do it without asking if it is about exactly n nodes' },
  json: jsonFlag,
} as const;

export interface ConfirmArguments {
  yes?: boolean | undefined;
  count?: string | undefined;
  json?: boolean | undefined;
}
