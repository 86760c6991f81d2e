import type { JSX } from 'preact';
import { Button } from '../ui/button.js';
import type { NodeColumn } from './node-columns.js';

export interface ColumnMenuProps {
  known: readonly NodeColumn[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Which columns the list has. */
export function ColumnMenu({ known, chosen, onChange }: ColumnMenuProps): JSX.Element {
  return (
    <>
      <Button icon="cols" opens="columns">
        Columns
      </Button>
      <div class="pop" id="columns" popover="auto">
        <fieldset class="tight">
          <legend class="hint">Columns, kept for you in this browser</legend>
          {known.map(({ name, title }) => (
            <label class="pick" key={name}>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={({ currentTarget: { checked } }) =>
                  onChange(
                    known.map((each) => each.name).filter((each) => (each === name ? checked : chosen.includes(each))),
                  )
                }
              />
              <span>
                {title} {name.startsWith('label.') && <span class="muted small">label</span>}
              </span>
            </label>
          ))}
        </fieldset>
        <p class="hint">On a narrow screen the last columns are left out first.</p>
      </div>
    </>
  );
}
