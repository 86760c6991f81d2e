import type { FleetStore } from '../../fleet/fleet-store.js';

/** What a store does with commands. */
export type CommandOperations = Pick<
  FleetStore,
  | 'addCommand'
  | 'findCommand'
  | 'cancelCommand'
  | 'offerCommands'
  | 'saveProgress'
  | 'endCommands'
  | 'saveCommandResults'
  | 'listCommands'
>;
