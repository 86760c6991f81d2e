import { UsageError } from '@serve.zone/baseos-command-line';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';

/**
 * Words of a list, separated by commas.
 *
 * @throws UsageError for one that there is not, with the nearest that there is.
 */
export function readWords<Word extends string>(flag: string, typed: string, words: readonly Word[]): Word[] {
  return typed.split(',').map((text) => {
    const word = words.find((each) => each === text.trim());
    if (word !== undefined) return word;
    const nearest = nearestName(text.trim(), words);
    const hint = nearest === undefined ? `There are: ${words.join(', ')}.` : `Did you mean "${nearest}"?`;
    throw new UsageError(`${flag} cannot be "${text.trim()}". ${hint}`);
  });
}
