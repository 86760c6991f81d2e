import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { ShownJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { readLabels } from '../commands/read-labels.js';
import { server } from '../session/server.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { useAction } from '../ui/use-action.js';

export interface CreateDialogProps {
  onCreated: (made: { joinToken: string; record: ShownJoinToken }) => void;
  onClose: () => void;
}

const DAY_MS = 86_400_000;
const periods = [1, 7, 30, 90] as const;

export function CreateDialog({ onCreated, onClose }: CreateDialogProps): JSX.Element {
  const [description, setDescription] = useState('');
  const [uses, setUses] = useState('1');
  const [days, setDays] = useState(7);
  const [requiresApproval, setRequiresApproval] = useState(false);
  const [labels, setLabels] = useState('');
  const period = useId();
  const work = useAction();
  const count = Number(uses);
  const hasCount = Number.isSafeInteger(count) && count > 0;
  const create = async (): Promise<void> => {
    const given = Object.entries(readLabels(labels)).flatMap(([key, value]) => (value === null ? [] : [[key, value]]));
    const made = await server.createJoinToken({
      uses: count,
      expiresInMs: days * DAY_MS,
      requiresApproval,
      ...(description.trim() !== '' && { description: description.trim() }),
      ...(given.length > 0 && { labels: Object.fromEntries(given) as Record<string, string> }),
    });
    onCreated(made);
  };
  return (
    <Dialog
      title="Create join token"
      confirm="Create"
      isDisabled={!hasCount}
      action={work}
      onConfirm={() => void work.run(create)}
      onClose={onClose}
    >
      <Field
        label="Name"
        autofocus
        maxLength={200}
        value={description}
        onInput={({ currentTarget }) => setDescription(currentTarget.value)}
        hint="Where or when it is used. Shown in the audit."
      />
      <div class="inline">
        <Field
          label="Devices"
          class="w4"
          inputmode="numeric"
          value={uses}
          onInput={({ currentTarget }) => setUses(currentTarget.value)}
          mistake={hasCount ? undefined : 'Enter how many devices may enrol'}
        />
        <div class="field">
          <label for={period}>Valid for</label>
          <select id={period} value={days} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
            {periods.map((each) => (
              <option key={each} value={each}>
                {each === 1 ? '1 day' : `${each} days`}
              </option>
            ))}
          </select>
        </div>
      </div>
      <fieldset>
        <legend>New nodes</legend>
        <div class="choices">
          <label class="choice">
            <input
              type="radio"
              name="approval"
              checked={!requiresApproval}
              onChange={() => setRequiresApproval(false)}
            />
            <span>
              <b>Accept at once</b>
              <span class="hint">Whoever has the token can enrol a node.</span>
            </span>
          </label>
          <label class="choice">
            <input type="radio" name="approval" checked={requiresApproval} onChange={() => setRequiresApproval(true)} />
            <span>
              <b>Approve by code</b>
              <span class="hint">You compare a code from the log of the device.</span>
            </span>
          </label>
        </div>
      </fieldset>
      <Field
        label="Labels for its nodes"
        class="mono"
        value={labels}
        onInput={({ currentTarget }) => setLabels(currentTarget.value)}
        hint="Up to 32, written key=value, separated by spaces."
      />
    </Dialog>
  );
}
