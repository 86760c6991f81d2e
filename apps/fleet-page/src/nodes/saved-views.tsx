import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatSort, parseSort, type SavedView } from '@serve.zone/baseos-cloudly-handlers';
import { urlOf } from '../route/here.js';
import { may } from '../session/may.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';
import { type ListQuestion, writeQuestion } from './list-question.js';

export interface SavedViewsProps {
  views: readonly SavedView[];
  question: ListQuestion;
}

/** Selectors that somebody has saved for everybody. */
export function SavedViews({ views, question }: SavedViewsProps): JSX.Element | null {
  if (views.length === 0) return null;
  return (
    <nav class="views" aria-label="Saved views">
      <a
        href={urlOf(['nodes'])}
        aria-current={question.viewId === undefined && question.selector === '' ? 'page' : undefined}
      >
        All nodes
      </a>
      {views.map(({ id, name, selector, sort }) => (
        <a
          key={id}
          href={urlOf(
            ['nodes'],
            writeQuestion({ selector, sort: parseSort(sort ?? '') ?? question.sort, from: 0, viewId: id }),
          )}
          aria-current={question.viewId === id ? 'page' : undefined}
        >
          <bdi>{name}</bdi>
        </a>
      ))}
    </nav>
  );
}

export interface SaveViewProps extends SavedViewsProps {
  columns: readonly string[];
  onSaved: (viewId: string) => void;
  onRemoved: () => void;
}

/** Saves what is shown under a name, or changes the view that it came from. */
export function SaveView({ views, question, columns, onSaved, onRemoved }: SaveViewProps): JSX.Element | null {
  const [isOpen, setIsOpen] = useState(false);
  const current = views.find(({ id }) => id === question.viewId);
  const [name, setName] = useState('');
  const work = useAction();
  if (!may('operate')) return null;
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
    setIsOpen(false);
    showToast(`Saved the view ${saved.name}`);
    onSaved(saved.id);
  };
  const remove = async (view: SavedView): Promise<void> => {
    await server.removeView(view.id);
    setIsOpen(false);
    showToast(`Removed the view ${view.name}`);
    onRemoved();
  };
  return (
    <>
      <Button
        onClick={() => {
          setName(current?.name ?? '');
          setIsOpen(true);
        }}
      >
        Save view…
      </Button>
      {isOpen && (
        <Dialog
          title="Save view"
          confirm="Save view"
          action={work}
          onConfirm={() => void work.run(save)}
          onClose={() => setIsOpen(false)}
        >
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
      )}
    </>
  );
}
