import type { JSX } from 'preact';
import { isKeySheetOpen } from './is-key-sheet-open.js';
import { Dialog } from '../ui/dialog.js';
import { hasSingleKeys, switchSingleKeys } from '../ui/keys.js';

const meanings: readonly (readonly [string, string])[] = [
  ['/', 'Type a selector'],
  ['J K', 'Next and previous row'],
  ['X', 'Select the row'],
  ['Enter', 'Open it'],
  ['.', 'Actions'],
  ['R', 'Show what has changed'],
  ['G N', 'Go to the nodes'],
  ['G P', 'Go to the approvals'],
  ['G A', 'Go to the audit'],
  ['G S', 'Go to the settings'],
  ['?', 'This list'],
  ['Esc', 'Close what is on top'],
];

/** What each key does, for who asks by `?`. */
export function KeySheet(): JSX.Element {
  const close = (): void => void (isKeySheetOpen.value = false);
  return (
    <Dialog title="Keyboard shortcuts" confirm="Done" hasCancel={false} onConfirm={close} onClose={close}>
      <dl class="facts">
        {meanings.map(([keys, meaning]) => (
          <>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
      <label class="pick">
        <input
          type="checkbox"
          checked={hasSingleKeys.value}
          onChange={({ currentTarget }) => switchSingleKeys(currentTarget.checked)}
        />
        <span>Use single keys. They are off while you type.</span>
      </label>
    </Dialog>
  );
}
