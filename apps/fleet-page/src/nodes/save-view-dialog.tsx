import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatSort, type SavedView } from '@serve.zone/baseos-cloudly-handlers';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';
import type { ListQuestion } from './list-question.js';

export interface SaveViewDialogProps {
  views: readonly SavedView[];
  question: ListQuestion;
  columns: readonly string[];
  onSaved: (viewId: string) => void;
  onRemoved: () => void;
  onClose: () => void;
}

/** Asks for the name of a view. */
export function SaveViewDialog(props: SaveViewDialogProps): JSX.Element {
  const { views, question, columns, onSaved, onRemoved, onClose } = props;
  const current = views.find(({ id }) => id === question.viewId);
  const [name, setName] = useState(current?.name ?? '');
  const work = useAction();
  const save = async (): Promise<void> => {
    const isSame = current?.name === name.trim();
    const saved = await server.saveView({
      id: isSame && current ? current.id : crypto.randomUUID(),
      ...(isSame && current && { revision: current.revision }),
      name: name.trim(),
      selector: question.selector,
      sort: formatSort(question.sort),
      columns,
    });
    onClose();
    showToast(`Saved the view ${saved.name}`);
    onSaved(saved.id);
  };
  const remove = async (view: SavedView): Promise<void> => {
    await server.removeView(view.id);
    onClose();
    showToast(`Removed the view ${view.name}`);
    onRemoved();
  };
  return (
    <Dialog title="Save view" confirm="Save view" action={work} onConfirm={() => void work.run(save)} onClose={onClose}>
      <p>
        Selector, order and columns of the list, for all operators: <code>{question.selector || 'all nodes'}</code>
      </p>
      <Field
        label="Name"
        required
        autofocus
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        hint={current ? 'With the name of the view it came from, that one is changed.' : undefined}
      />
      {current && (
        <p>
          <Button look="d" onClick={() => void work.run(() => remove(current))}>
            Remove the view “{current.name}”
          </Button>
        </p>
      )}
    </Dialog>
  );
}
