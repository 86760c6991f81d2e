import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatSort, type NodeCount } from '@serve.zone/baseos-cloudly-handlers';
import type { NodeAction } from '../commands/node-actions.js';
import { formatCount } from '../format/format-bytes.js';
import { go, here, urlOf } from '../route/here.js';
import { may } from '../session/may.js';
import { baseUrl, server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useKeys } from '../ui/keys.js';
import { lazy } from '../ui/lazy.js';
import { Problem } from '../ui/problem.js';
import { useTitle } from '../ui/title.js';
import { useLoaded } from '../ui/use-loaded.js';
import type { Chosen } from './chosen.js';
import { ColumnMenu } from './column-menu.js';
import { type ListQuestion, readQuestion, writeQuestion } from './list-question.js';
import { knownColumns, usualColumns } from './node-columns.js';
import { NodesSkeleton, NodesTable } from './nodes-table.js';
import { SavedViews, SaveView } from './saved-views.js';
import { SelectorBox } from './selector-box.js';
import { PAGE_SIZE, useNodeList } from './use-node-list.js';

const BulkBar = lazy(async () => (await import('./bulk-bar.js')).BulkBar);
const BulkDialog = lazy(async () => (await import('./bulk-dialog.js')).BulkDialog);
const BulkProgressBox = lazy(async () => (await import('./bulk-progress.js')).BulkProgressBox);

const COLUMNS_STORED_AS = 'cloudly-node-columns';

/** A selector names at most this many nodes, because it has at most 1000 characters. */
const NAMED_MAX = 20;

/** The list of nodes, with all that is done to many of them. */
export function NodesView(): JSX.Element {
  useTitle('Nodes');
  const question = readQuestion(here.value.query);
  const list = useNodeList(question);
  const views = useLoaded('views', () => server.listViews());
  const labelKeys = useLoaded('label-keys', () => server.labelKeys(30));
  const [ownColumns, setOwnColumns] = useState(readColumns);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setIsAll] = useState(false);
  const [action, setAction] = useState<NodeAction>();
  const [jobId, setJobId] = useState<string>();
  const view = views.value?.find(({ id }) => id === question.viewId);
  const known = knownColumns((labelKeys.value ?? []).map(({ value }) => value));
  const chosenColumns = view?.columns ?? ownColumns;
  const columns = known.filter(({ name }) => chosenColumns.includes(name));

  useEffect(() => clear(), [question.selector]);
  useKeys({ r: list.refresh, R: list.refresh });
  const clear = (): void => {
    setSelected(new Set());
    setIsAll(false);
  };
  const ask = (next: Partial<ListQuestion>): void =>
    go(urlOf(['nodes'], writeQuestion({ ...question, after: undefined, from: 0, ...next })), true);
  const select = (nodeIds: readonly string[], isOn: boolean): void => {
    const next = new Set(selected);
    for (const nodeId of nodeIds)
      if (isOn) next.add(nodeId);
      else next.delete(nodeId);
    setSelected(next);
    setIsAll(false);
  };
  const countText = list.count ? describeCount(list.count) : '';
  const chosen = chosenOf(question.selector, selected, isAll ? list.count : undefined);
  return (
    <>
      <div class="head">
        <div>
          <h1>Nodes</h1>
        </div>
        <div class="acts">
          <a class="b" href={csvUrl(question, chosenColumns)} download="nodes.csv">
            <Icon name="down" />
            Export CSV
          </a>
          {may('operate') && (
            <a class="b p" href={urlOf(['join-tokens'])}>
              <Icon name="plus" />
              Enrol nodes
            </a>
          )}
        </div>
      </div>
      <SavedViews views={views.value ?? []} question={question} />
      <div class="bar">
        <SelectorBox
          value={question.selector}
          tail={countText}
          onChoose={(selector) => ask({ selector, viewId: undefined })}
        />
        <div class="acts">
          <SaveView
            views={views.value ?? []}
            question={question}
            columns={chosenColumns}
            onSaved={(viewId) => {
              void views.reload();
              ask({ viewId });
            }}
            onRemoved={() => {
              void views.reload();
              ask({ viewId: undefined });
            }}
          />
          <ColumnMenu
            known={known}
            chosen={chosenColumns}
            onChange={(next) => {
              setOwnColumns(next);
              localStorage.setItem(COLUMNS_STORED_AS, next.join(' '));
              if (view) ask({ viewId: undefined });
            }}
          />
        </div>
      </div>
      {jobId !== undefined && <BulkProgressBox jobId={jobId} onClose={() => setJobId(undefined)} />}
      <div class="sec">
        <div class="sec-h">
          <p role="status">
            {list.count ? (
              <>
                <b>{formatCount(list.count.count, 'node')}</b>{' '}
                <span class="muted">
                  {list.count.isMore ? 'or more match' : question.selector === '' ? 'in the fleet' : 'match'}
                </span>
              </>
            ) : (
              <span class="sk" />
            )}
          </p>
          {list.changedCount > 0 && (
            <Button look="q" icon="refresh" isBusy={list.isLoading} onClick={list.refresh}>
              {list.changedCount} changed: refresh
            </Button>
          )}
        </div>
        {list.error !== undefined && (
          <Problem error={list.error}>
            <Button look="q" onClick={list.refresh}>
              Try again
            </Button>
          </Problem>
        )}
        {!list.nodes && list.error === undefined && <NodesSkeleton />}
        {list.nodes?.length === 0 && (
          <NoNodes isFiltered={question.selector !== ''} onShowAll={() => ask({ selector: '', viewId: undefined })} />
        )}
        {list.nodes && list.nodes.length > 0 && (
          <NodesTable
            question={question}
            columns={columns}
            nodes={list.nodes}
            selected={may('operate') ? selected : undefined}
            onSelect={select}
          />
        )}
        <Pages question={question} shownCount={list.nodes?.length ?? 0} next={list.next} countText={countText} />
      </div>
      {chosen && (
        <BulkBar
          chosen={chosen}
          matchCount={countText}
          canChooseAll={!isAll && list.count?.isMore !== undefined && chosen.count < list.count.count}
          onChooseAll={() => setIsAll(true)}
          onClear={clear}
          onAction={setAction}
        />
      )}
      {chosen && !isAll && selected.size > NAMED_MAX && (
        <p class="hint">
          Up to {NAMED_MAX} nodes are chosen one by one. For more, say in the selector which, and select all that match.
        </p>
      )}
      {action && chosen && (
        <BulkDialog
          action={action}
          chosen={chosen}
          onBegun={(id) => {
            setJobId(id);
            clear();
          }}
          onClose={() => setAction(undefined)}
        />
      )}
    </>
  );
}

function chosenOf(selector: string, selected: ReadonlySet<string>, all: NodeCount | undefined): Chosen | undefined {
  if (all) return { selector, count: all.count, isAll: true };
  if (selected.size === 0) return undefined;
  return { selector: `id=${[...selected].map(quoted).join(',')}`, count: selected.size, isAll: false };
}

function quoted(nodeId: string): string {
  return `"${nodeId.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function describeCount({ count, isMore }: NodeCount): string {
  return `${count.toLocaleString('en-US')}${isMore ? '+' : ''}`;
}

function readColumns(): readonly string[] {
  return localStorage.getItem(COLUMNS_STORED_AS)?.split(' ').filter(Boolean) ?? usualColumns;
}

function csvUrl({ selector, sort }: ListQuestion, columns: readonly string[]): string {
  const query = new URLSearchParams({
    selector,
    sort: formatSort(sort),
    columns: ['id', 'name', ...columns].join(','),
  });
  if (selector === '') query.delete('selector');
  return `${baseUrl}/api/v1/nodes.csv?${query.toString()}`;
}

interface PagesProps {
  question: ListQuestion;
  shownCount: number;
  next: ListQuestion['after'];
  countText: string;
}

function Pages({ question, shownCount, next, countText }: PagesProps): JSX.Element | null {
  if (!next && !question.after) return null;
  const { from } = question;
  return (
    <nav class="sec-h" aria-label="Pages">
      <p class="muted">
        {(from + 1).toLocaleString('en-US')}–{(from + shownCount).toLocaleString('en-US')} of {countText}
      </p>
      <div class="acts">
        {question.after && <Button onClick={() => history.back()}>Previous</Button>}
        {next && (
          <a class="b" href={urlOf(['nodes'], writeQuestion({ ...question, after: next, from: from + PAGE_SIZE }))}>
            Next
          </a>
        )}
      </div>
    </nav>
  );
}

function NoNodes({ isFiltered, onShowAll }: { isFiltered: boolean; onShowAll: () => void }): JSX.Element {
  if (isFiltered) {
    return (
      <div class="box empty">
        <h2>No node matches</h2>
        <p class="muted">All terms must match. Remove one, or look at all nodes.</p>
        <Button onClick={onShowAll}>Show all nodes</Button>
      </div>
    );
  }
  return (
    <div class="box empty">
      <h2>No nodes yet</h2>
      <p class="muted">Each device that enrols appears here at once. To enrol one, give it a join token.</p>
      {may('operate') && (
        <a class="b" href={urlOf(['join-tokens'])}>
          Create a join token
        </a>
      )}
    </div>
  );
}
