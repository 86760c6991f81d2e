import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { parseSort, type SavedView } from '@serve.zone/baseos-cloudly-handlers';
import { urlOf } from '../route/here.js';
import { may } from '../session/may.js';
import { Button } from '../ui/button.js';
import { lazy } from '../ui/lazy.js';
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

const SaveViewDialog = lazy(async () => (await import('./save-view-dialog.js')).SaveViewDialog);

/** Saves what is shown under a name, or changes the view that it came from. */
export function SaveView(props: SaveViewProps): JSX.Element | null {
  const [isOpen, setIsOpen] = useState(false);
  if (!may('operate')) return null;
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Save view…</Button>
      {isOpen && <SaveViewDialog {...props} onClose={() => setIsOpen(false)} />}
    </>
  );
}
