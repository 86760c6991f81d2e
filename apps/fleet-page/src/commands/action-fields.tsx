import type { JSX } from 'preact';
import { may } from '../session/may.js';
import { Field } from '../ui/field.js';
import type { ActionValues, NodeAction } from './node-actions.js';

export interface ActionFieldsProps {
  action: NodeAction;
  values: ActionValues;
  onChange: (values: ActionValues) => void;
}

/** What an action asks for. */
export function ActionFields({ action, values, onChange }: ActionFieldsProps): JSX.Element {
  const { asks } = action;
  return (
    <>
      {asks.includes('service') && (
        <Field
          label="Service"
          class="mono"
          required
          value={values.service}
          onInput={({ currentTarget }) => onChange({ ...values, service: currentTarget.value })}
          hint="Its name in the compose file."
        />
      )}
      {asks.includes('commit') && (
        <Field
          label="Only to this release"
          class="mono"
          value={values.commit}
          onInput={({ currentTarget }) => onChange({ ...values, commit: currentTarget.value })}
          hint="The whole commit, or nothing for the release that is assigned. A device with another target refuses."
        />
      )}
      {asks.includes('labels') && (
        <Field
          label="Labels"
          class="mono"
          required
          value={values.labels}
          onInput={({ currentTarget }) => onChange({ ...values, labels: currentTarget.value })}
          hint="Written key=value, separated by spaces. A minus before a key removes it: -canary."
        />
      )}
      {asks.includes('updatesMode') && (
        <fieldset>
          <legend>Updates</legend>
          {updatesModes.map(([mode, words]) => (
            <label class="pick" key={mode}>
              <input
                type="radio"
                name="mode"
                checked={values.updatesMode === mode}
                onChange={() => onChange({ ...values, updatesMode: mode })}
              />
              <span>{words}</span>
            </label>
          ))}
        </fieldset>
      )}
      {asks.includes('force') && may('admin') && (
        <label class="pick">
          <input
            type="checkbox"
            checked={values.force}
            onChange={({ currentTarget }) => onChange({ ...values, force: currentTarget.checked })}
          />
          <span>
            Override update locks
            <br />
            <span class="hint">A service that holds a lock may be in the middle of something.</span>
          </span>
        </label>
      )}
    </>
  );
}

const updatesModes = [
  ['gated', 'Gated: wait for the command update'],
  ['free', 'Free: install at once'],
  ['own', 'As the device itself is set'],
] as const;
