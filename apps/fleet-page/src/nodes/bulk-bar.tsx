import type { JSX } from 'preact';
import { type NodeAction, nodeActions } from '../commands/node-actions.js';
import { may } from '../session/may.js';
import { Button } from '../ui/button.js';
import { useKeys } from '../ui/keys.js';
import type { Chosen } from './chosen.js';

export interface BulkBarProps {
  chosen: Chosen;
  matchCount: string;
  canChooseAll: boolean;
  onChooseAll: () => void;
  onClear: () => void;
  onAction: (action: NodeAction) => void;
}

const MENU = 'bulk-more';
const shownFirst = new Set(['update', 'restart-app', 'label']);

/** What can be done to the nodes that are selected. */
export function BulkBar({
  chosen,
  matchCount,
  canChooseAll,
  onChooseAll,
  onClear,
  onAction,
}: BulkBarProps): JSX.Element {
  const offered = nodeActions.filter(({ needed }) => may(needed));
  useKeys({ '.': () => document.getElementById(MENU)?.togglePopover() });
  return (
    <section class="bulk" aria-label="Bulk actions">
      <p>
        <b>{chosen.count.toLocaleString('en-US')} selected</b>{' '}
        {canChooseAll && (
          <Button look="q" onClick={onChooseAll}>
            Select all {matchCount} that match
          </Button>
        )}
      </p>
      <div class="acts">
        {offered
          .filter(({ id }) => shownFirst.has(id))
          .map((action) => (
            <Button key={action.id} look={action.id === 'update' ? '' : 'p2'} onClick={() => onAction(action)}>
              {action.verb}…
            </Button>
          ))}
        <Button icon="more" look="x" label="More bulk actions" opens={MENU} />
        <Button look="q" onClick={onClear}>
          Clear
        </Button>
      </div>
      <div class="pop" id={MENU} popover="auto">
        {offered.map((action) => (
          <button
            key={action.id}
            class={`item ${action.isDangerous ? 'bad' : ''}`}
            type="button"
            onClick={() => {
              document.getElementById(MENU)?.hidePopover();
              onAction(action);
            }}
          >
            {action.verb}…
          </button>
        ))}
      </div>
    </section>
  );
}
