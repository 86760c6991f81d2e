import type { NodeAlertKind } from '../../alerts/alert-kinds.js';
import { labelMark } from '../../facts/label-text.js';
import { foldText } from '../../facts/fold-text.js';
import { NEVER_SEEN_MS } from '../../facts/quiet-since.js';
import { versionKey } from '../../facts/version-key.js';
import { searchedText } from '../../selector/searched-text.js';
import { selectorFields } from '../../selector/selector-fields.js';
import type { Comparison, LabelTerm, Scope, Selector, SelectorTerm, TextField } from '../../selector/selector.js';
import type { Dialect } from './dialect.js';
import { alertsText, labelText, textColumn, versionColumn } from './fact-columns.js';
import { alertMark } from '../records/alert-rows.js';
import { joined, type Sql, sql, valueList } from './sql.js';

/** For whom nodes are selected, and what durations count back from. */
export interface Viewer {
  nowMs: number;
  scope: Scope | undefined;
}

/** The condition that a row of `node_fact` is selected and in scope; the same as the predicates `matches` and `isInScope`. */
export function selected(dialect: Dialect, { terms }: Selector, { nowMs, scope }: Viewer): Sql {
  const conditions = terms.map((term) => negatedIf(term.isNot, conditionOf(dialect, term, nowMs)));
  return allOf([...conditions, inScope(dialect, scope)]);
}

/** The condition that a row of `node_fact` is in scope. */
export function inScope(dialect: Dialect, scope: Scope | undefined): Sql {
  return allOf((scope?.terms ?? []).map((term) => negatedIf(term.isNot, hasLabel(dialect, term))));
}

/** All of the conditions; those that hold for every row are left out. */
export function allOf(conditions: readonly Sql[]): Sql {
  const told = conditions.filter((condition) => condition !== always);
  return told.length === 0 ? always : joined(told, ' AND ');
}

export const always = sql`1 = 1`;

function negatedIf(isNot: boolean, condition: Sql): Sql {
  return isNot ? sql`NOT (${condition})` : sql`(${condition})`;
}

function conditionOf(dialect: Dialect, term: SelectorTerm, nowMs: number): Sql {
  if ('contains' in term) {
    if (term.field === 'words') return contains(dialect, sql`node_fact.search_text`, foldText(term.contains));
    return contains(dialect, searchedColumn(term.field), searchedText(term.field, term.contains));
  }
  if ('version' in term) {
    const column = versionColumn(term.field);
    return sql`${column} <> '' AND ${column} ${comparisons[term.comparison]} ${versionKey(term.version)}`;
  }
  if ('percent' in term) {
    const column = sql`node_fact.free_storage_percent`;
    return sql`${column} >= 0 AND ${column} ${comparisons[term.comparison]} ${term.percent}`;
  }
  if ('durationMs' in term) {
    const column = term.field === 'seen' ? sql`node_fact.quiet_since_ms` : sql`node_fact.registered_at_ms`;
    const isBefore = term.comparison === '>' ? sql`<` : sql`>`;
    return sql`${column} > ${NEVER_SEEN_MS} AND ${column} ${isBefore} ${nowMs - term.durationMs}`;
  }
  if (term.field === 'label') return hasLabel(dialect, term);
  if (term.field === 'alert') return hasAlert(dialect, term.anyOf);
  if (term.field === 'state') return isOneOf(textColumn('state'), term.anyOf);
  return hasText(term.field, term.anyOf);
}

/** As `searchedText` folds a text: names are kept folded, and `lower` folds ASCII alone in both databases. */
function searchedColumn(field: TextField): Sql {
  return field === 'name' ? textColumn('name') : sql`lower(${textColumn(field)})`;
}

function hasText(field: TextField, anyOf: readonly string[]): Sql {
  const column = textColumn(field);
  if (anyOf.length === 0) return sql`${column} = ''`;
  if (!selectorFields[field].isFoundByBeginning) {
    return isOneOf(column, field === 'name' ? anyOf.map(foldText) : anyOf);
  }
  return joined(
    anyOf.map((beginning) => sql`substr(${column}, 1, ${Array.from(beginning).length}) = ${beginning}`),
    ' OR ',
  );
}

function hasLabel(dialect: Dialect, { key, anyOf }: LabelTerm): Sql {
  const has = (value?: string): Sql => contains(dialect, labelText, labelMark(key, value));
  if (anyOf === undefined) return has();
  if (anyOf.length === 0) return sql`NOT ${has()} OR ${has('')}`;
  return joined(
    anyOf.map((value) => has(value)),
    ' OR ',
  );
}

function hasAlert(dialect: Dialect, anyOf: readonly NodeAlertKind[]): Sql {
  if (anyOf.length === 0) return sql`${alertsText} = ''`;
  return joined(
    anyOf.map((kind) => contains(dialect, alertsText, alertMark(kind))),
    ' OR ',
  );
}

function contains({ position }: Dialect, column: Sql, text: string): Sql {
  return sql`${position(column, text)} > 0`;
}

function isOneOf(column: Sql, values: readonly string[]): Sql {
  return values.length === 0 ? sql`1 = 0` : sql`${column} IN (${valueList(values)})`;
}

const comparisons: Readonly<Record<Comparison, Sql>> = { '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` };
