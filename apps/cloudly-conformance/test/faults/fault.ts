import type { Alter } from '../alteration.js';

/** A Cloudly that breaks the contract in one way. */
export interface Fault {
  /** What it does. */
  name: string;
  /** The names of exactly the rules that fail against it. */
  breaks: string[];
  alter: Alter;
  /** Whether it shows only after other rules were tried. */
  isLate?: boolean;
  /** Where it does not answer: how long the kit waits for that. */
  timeoutMs?: number;
}
