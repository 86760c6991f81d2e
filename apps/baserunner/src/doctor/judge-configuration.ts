import type { JudgedMistakes, RunnerConfig } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, warn } from './finding.js';

/** @param mistakes as an agent on this device judges them */
export function judgeConfiguration({ sources, warnings: others }: RunnerConfig, mistakes: JudgedMistakes): Judgement {
  const { needed } = mistakes;
  const warnings = [...mistakes.warnings, ...others];
  if (needed.length > 0) {
    const messages = [...needed.map(({ message }) => message), ...warnings];
    return fail(messages.join(' '), 'Correct these settings. Until then, the agent does not start.', {
      code: 'invalid-configuration',
      variables: needed.map(({ variable }) => variable),
    });
  }
  const given = Object.values(sources).filter((source) => source === 'environment' || source === 'file').length;
  const facts = { sources };
  if (warnings.length > 0) return warn(warnings.join(' '), 'Correct these settings or remove them.', facts);
  return pass(`All settings are valid: ${given} of ${Object.keys(sources).length} are set.`, facts);
}
