import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { nameOf } from '../format/name-of.js';
import { go, urlOf } from '../route/here.js';
import { useKeys } from '../ui/keys.js';
import { type ListQuestion, writeQuestion } from './list-question.js';
import type { ListedNode, NodeColumn } from './node-columns.js';

export interface NodesTableProps {
  question: ListQuestion;
  columns: readonly NodeColumn[];
  nodes: readonly ListedNode[];
  /** Absent for somebody who may only read. */
  selected: ReadonlySet<string> | undefined;
  onSelect: (nodeIds: readonly string[], isOn: boolean) => void;
}

export function NodesTable({ question, columns, nodes, selected, onSelect }: NodesTableProps): JSX.Element {
  const body = useRef<HTMLTableSectionElement>(null);
  const [at, setAt] = useState(-1);
  useEffect(() => setAt(-1), [question.selector, question.after]);
  const ids = nodes.map(({ facts }) => facts.nodeId);
  const selectedHere = ids.filter((id) => selected?.has(id));
  const move = (step: number): void => {
    const next = Math.min(nodes.length - 1, Math.max(0, at + step));
    setAt(next);
    body.current?.rows[next]?.querySelector<HTMLAnchorElement>('.name a')?.focus();
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => {
      const id = ids[at];
      if (id !== undefined && selected) onSelect([id], !selected.has(id));
    },
  });
  return (
    <div class="box">
      <table class="cards brk sticky" role="table">
        <caption class="vh">Nodes that match {question.selector || 'everything'}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {selected && (
              <th scope="col" role="columnheader">
                <label class="pick">
                  <input
                    type="checkbox"
                    aria-label={`Select the ${nodes.length} nodes on this page`}
                    checked={selectedHere.length > 0 && selectedHere.length === ids.length}
                    indeterminate={selectedHere.length > 0 && selectedHere.length < ids.length}
                    onChange={({ currentTarget }) => onSelect(ids, currentTarget.checked)}
                  />
                </label>
              </th>
            )}
            <SortHead title="Node" sort="name" question={question} />
            {columns.map(({ name, title, sort, look = '' }) => (
              <SortHead key={name} title={title} sort={sort} look={headLook(look)} question={question} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body}>
          {nodes.map((node, index) => {
            const { nodeId } = node.facts;
            const name = nameOf(node.facts);
            return (
              <tr role="row" key={nodeId} aria-selected={selected?.has(nodeId)}>
                {selected && (
                  <td role="cell" class="sel">
                    <label class="pick">
                      <input
                        type="checkbox"
                        aria-label={`Select ${name}`}
                        checked={selected.has(nodeId)}
                        onChange={({ currentTarget }) => onSelect([nodeId], currentTarget.checked)}
                      />
                    </label>
                  </td>
                )}
                <td role="cell" class="name">
                  <a href={urlOf(['nodes', nodeId])} title={name} onFocus={() => setAt(index)}>
                    <bdi>{name}</bdi>
                  </a>
                </td>
                {columns.map(({ name: column, look = '', title, show }) => (
                  <td
                    role="cell"
                    key={column}
                    class={look}
                    data-l={column === 'state' || column === 'seen' ? undefined : title}
                  >
                    {show(node)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function headLook(look: string): string {
  return look
    .split(' ')
    .filter((word) => /^(?:num|p2|p3|nowrap)$/.test(word))
    .join(' ');
}

interface SortHeadProps {
  title: string;
  sort: NodeColumn['sort'];
  look?: string;
  question: ListQuestion;
}

/** Sorts by it, or the other way round. */
function SortHead({ title, sort, look = '', question }: SortHeadProps): JSX.Element {
  const isCurrent = sort !== undefined && question.sort.by === sort;
  const isDescending = isCurrent && question.sort.isDescending;
  const order = isDescending ? 'descending' : 'ascending';
  if (sort === undefined) {
    return (
      <th scope="col" role="columnheader" class={look}>
        {title}
      </th>
    );
  }
  const url = urlOf(
    ['nodes'],
    writeQuestion({
      ...question,
      sort: { by: sort, isDescending: isCurrent && !isDescending },
      after: undefined,
      from: 0,
    }),
  );
  return (
    <th scope="col" role="columnheader" class={look} aria-sort={isCurrent ? order : undefined}>
      <a
        href={url}
        onClick={(event) => {
          event.preventDefault();
          go(url, true);
        }}
      >
        {title} {isCurrent && <span aria-hidden="true">{isDescending ? '↓' : '↑'}</span>}
      </a>
    </th>
  );
}

/** As many rows as fit, of the height of those to come. */
export function NodesSkeleton(): JSX.Element {
  return (
    <div class="box" role="status" aria-label="Loading the nodes">
      <table role="presentation">
        <tbody>
          {Array.from({ length: 12 }, (_, index) => (
            <tr key={index}>
              <td>
                <span class="sk l" />
              </td>
              <td>
                <span class="sk" />
              </td>
              <td class="p2">
                <span class="sk s" />
              </td>
              <td class="num">
                <span class="sk s" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
