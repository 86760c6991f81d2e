import type { CommandOrder } from './command-order.js';
import type { UpdatesMode } from './node-record.js';

/** What is done to each of many nodes. */
export type BulkAction =
  | { kind: 'approve' }
  | { kind: 'revoke' }
  | { kind: 'unrevoke' }
  | { kind: 'forget' }
  | { kind: 'rotate-token' }
  | { kind: 'set-updates'; updatesMode: UpdatesMode }
  /** `null` removes a label. */
  | { kind: 'label'; labels: Readonly<Record<string, string | null>> }
  | { kind: 'command'; order: CommandOrder };
