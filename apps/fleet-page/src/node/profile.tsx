import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { formatLabels, type NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { readLabels } from '../commands/read-labels.js';
import { may } from '../session/may.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { useAction } from '../ui/use-action.js';

interface BoxProps {
  details: NodeDetails;
  onDone: () => void;
}

/** The labels of a node, and how to change them. */
export function LabelsBox({ details, onDone }: BoxProps): JSX.Element {
  const { profile, labels } = details;
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const work = useAction();
  const save = async (): Promise<void> => {
    const wanted = readLabels(text);
    const removed = Object.fromEntries(
      Object.keys(labels)
        .filter((key) => !(key in wanted))
        .map((key) => [key, null]),
    );
    await server.label(profile.nodeId, { ...removed, ...wanted }, { revision: profile.revision });
    setIsOpen(false);
    onDone();
  };
  return (
    <section class="box pad sec">
      <div class="sec-h">
        <h2>Labels</h2>
        {may('operate') && (
          <Button
            look="q"
            label="Edit labels"
            onClick={() => {
              setText(formatLabels(labels));
              setIsOpen(true);
            }}
          >
            Edit
          </Button>
        )}
      </div>
      {Object.keys(labels).length === 0 ? (
        <p class="muted">None. Selectors, views and scopes find nodes by their labels.</p>
      ) : (
        <span class="tags">
          {Object.entries(labels).map(([key, value]) => (
            <bdi class="tag" key={key}>
              {key}={value}
            </bdi>
          ))}
        </span>
      )}
      {isOpen && (
        <Dialog
          title="Edit labels"
          confirm="Save labels"
          action={work}
          onConfirm={() => void work.run(save)}
          onClose={() => setIsOpen(false)}
        >
          <Field
            label="Labels"
            class="mono"
            autofocus
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
            hint="Up to 32, written key=value, separated by spaces. Those that are not here are removed."
          />
        </Dialog>
      )}
    </section>
  );
}

/** What people write down about a node. */
export function NotesBox({ details: { profile }, onDone }: BoxProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const id = useId();
  const work = useAction();
  const save = async (): Promise<void> => {
    const notes = text.trim() === '' ? undefined : text;
    await server.setNotes(profile.nodeId, notes, { revision: profile.revision });
    setIsOpen(false);
    onDone();
  };
  return (
    <section class="box pad sec">
      <div class="sec-h">
        <h2>Notes</h2>
        {may('operate') && (
          <Button
            look="q"
            label="Edit notes"
            onClick={() => {
              setText(profile.notes ?? '');
              setIsOpen(true);
            }}
          >
            Edit
          </Button>
        )}
      </div>
      {profile.notes === undefined ? (
        <p class="muted">None. Write down where it is and who has the key.</p>
      ) : (
        <p class="notes">
          <bdi>{profile.notes}</bdi>
        </p>
      )}
      {isOpen && (
        <Dialog
          title="Edit notes"
          confirm="Save notes"
          action={work}
          onConfirm={() => void work.run(save)}
          onClose={() => setIsOpen(false)}
        >
          <div class="field">
            <label for={id}>Notes</label>
            <textarea
              id={id}
              rows={8}
              autofocus
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          </div>
        </Dialog>
      )}
    </section>
  );
}
