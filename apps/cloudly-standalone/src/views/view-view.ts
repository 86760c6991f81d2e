import type { SavedView } from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';

/** A saved view as an operator's program may see it: with instants in RFC 3339. */
export function viewView({
  id,
  name,
  selector,
  sort,
  columns,
  createdBy,
  createdAtMs,
}: SavedView): Record<string, unknown> {
  return { id, name, selector, sort, columns, createdBy, createdAt: instant(createdAtMs) };
}
