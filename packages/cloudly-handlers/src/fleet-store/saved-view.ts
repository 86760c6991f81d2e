import type { Actor } from '../events/actor.js';

/** A saved list of nodes: which, in which order, with which columns. */
export interface SavedView {
  /** A UUID that the caller chooses. */
  id: string;
  revision: number;
  name: string;
  /** As it was typed. */
  selector: string;
  sort?: string;
  columns?: readonly string[];
  createdBy: Actor;
  createdAtMs: number;
}
