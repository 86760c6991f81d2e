import type { NodeStore } from '../../fleet/node-store.js';

/** What a store does with commands. */
export type CommandOperations = Pick<
  NodeStore,
  | 'addCommand'
  | 'findCommand'
  | 'cancelCommand'
  | 'offerCommands'
  | 'saveProgress'
  | 'endCommands'
  | 'saveCommandResults'
  | 'listCommands'
>;
