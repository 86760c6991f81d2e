import type { Scope } from '../../selector/selector.js';

/** A scope as the parameter of a statement; `null` for the whole fleet. */
export function scopeValue(scope: Scope | undefined): string | null {
  if (scope === undefined) return null;
  return JSON.stringify(scope.terms.map(({ isNot, key, anyOf }) => ({ is_not: isNot, key, any_of: anyOf })));
}

/**
 * The condition that a node is in the scope of a parameter, whatever the scope is: so a statement is prepared once, with and
 * without one.
 *
 * @param nodeId the column
 */
export function inScope(schema: string, nodeId: string, parameter: `$${number}`): string {
  const label = `${schema}.node_label AS label WHERE label.node_id = ${nodeId} AND label.key = term.key`;
  return `(${parameter}::jsonb IS NULL OR NOT EXISTS (
        SELECT FROM jsonb_to_recordset(${parameter}::jsonb) AS term (is_not boolean, key text, any_of jsonb)
        WHERE term.is_not = CASE
          WHEN term.any_of = '[]' THEN NOT EXISTS (SELECT FROM ${label} AND label.value <> '')
          ELSE EXISTS (SELECT FROM ${label} AND (term.any_of IS NULL OR term.any_of ? label.value))
        END
      ))`;
}
