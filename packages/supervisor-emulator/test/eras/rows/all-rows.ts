import { keyRows } from './key-rows.js';
import { failureRows } from './failure-rows.js';
import { lockRows } from './lock-rows.js';
import { deviceRows } from './device-rows.js';
import { appRows } from './app-rows.js';
import { serviceRows } from './service-rows.js';
import { stateRows } from './state-rows.js';
import { hostConfigRows } from './host-config-rows.js';
import type { Row } from './row.js';

/** An answer on either side of each bound of each difference. */
export const rows: readonly Row[] = [
  ...keyRows,
  ...failureRows,
  ...lockRows,
  ...deviceRows,
  ...appRows,
  ...serviceRows,
  ...stateRows,
  ...hostConfigRows,
];
