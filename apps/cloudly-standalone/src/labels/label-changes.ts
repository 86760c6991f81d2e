import { labelKeyMistake, labelValueMistake, type LabelChanges } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';

/**
 * Labels to set and to remove, as people type them: `shop=a`, `canary-`.
 *
 * @throws UsageError for a word that is neither, or no label.
 */
export function readLabelChanges(words: readonly string[]): LabelChanges {
  const changes: Record<string, string | null> = {};
  for (const word of words) {
    const [key, value] = readChange(word);
    if (Object.hasOwn(changes, key)) throw new UsageError(`The label ${key} is given twice.`);
    const mistake = labelKeyMistake(key) ?? labelValueMistake(value ?? '');
    if (mistake !== undefined) throw new UsageError(`"${word}" is no label: ${mistake}.`);
    changes[key] = value;
  }
  return changes;
}

/**
 * Labels to set, as people type them.
 *
 * @throws UsageError for a word that is none.
 */
export function readLabels(words: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(readLabelChanges(words))) {
    if (value === null) throw new UsageError(`"${key}-" removes a label, and there is none yet.`);
    labels[key] = value;
  }
  return labels;
}

export function formatLabelChanges(changes: LabelChanges): string {
  return Object.entries(changes)
    .map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`))
    .join(' ');
}

function readChange(word: string): [key: string, value: string | null] {
  const equals = word.indexOf('=');
  if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
  if (equals === -1 && /.-$/.test(word)) return [word.slice(0, -1), null];
  throw new UsageError(`"${word}" must be key=value to set a label, or key- to remove one.`);
}
