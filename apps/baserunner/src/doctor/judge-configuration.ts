import type { Facts } from '../facts/gather-facts.js';
import { fail, type Judgement, pass, warn } from './finding.js';

export function judgeConfiguration({ config, mistakes }: Pick<Facts, 'config' | 'mistakes'>): Judgement {
  const { sources } = config;
  const warnings = [...mistakes.warnings, ...config.warnings];
  if (mistakes.needed.length > 0) {
    const messages = [...mistakes.needed.map(({ message }) => message), ...warnings];
    return fail(messages.join(' '), 'Correct the variables that it names; the agent does not start before.', {
      variables: mistakes.needed.map(({ variable }) => variable),
    });
  }
  const given = Object.values(sources).filter((source) => source === 'environment' || source === 'file').length;
  const facts = { sources };
  if (warnings.length > 0) return warn(warnings.join(' '), 'See what it says.', facts);
  return pass(
    `Every setting can be used; ${given} of ${Object.keys(sources).length} are given, the others have defaults or are unset.`,
    facts,
  );
}
