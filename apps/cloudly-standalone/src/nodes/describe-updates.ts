import type { NodeView } from './node-view.js';

/** How a node takes new releases, in words for a person; nothing if nobody has said so. */
export function describeUpdates({ updates }: NodeView): string | undefined {
  if (!updates) return undefined;
  const { mode, gate, staged, reason } = updates;
  const reported = [
    mode ?? 'not reported yet',
    ...(gate === undefined ? [] : [`gate ${gate}`]),
    ...(staged === undefined ? [] : [`release ${staged} waits`]),
  ].join(', ');
  const set = updates.set === undefined ? '' : `; set to ${updates.set} by an operator`;
  return `${reported}${reason === undefined ? '' : ` (${reason})`}${set}`;
}
