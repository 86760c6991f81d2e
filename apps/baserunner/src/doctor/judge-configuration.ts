import type { JudgedMistakes, Notice, RunnerConfig } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, warn } from './finding.js';

/** @param mistakes as an agent on this device judges them */
export function judgeConfiguration({ sources, warnings: others }: RunnerConfig, mistakes: JudgedMistakes): Judgement {
  const { needed } = mistakes;
  const warnings = [...mistakes.warnings, ...others];
  if (needed.length > 0) {
    const told = [...needed, ...warnings];
    return fail(messagesOf(told), `${remediesOf(told)} Until then, the agent does not start.`, {
      code: 'invalid-configuration',
      codes: told.map(({ code }) => code),
      variables: needed.map(({ variable }) => variable),
    });
  }
  const given = Object.values(sources).filter((source) => source === 'environment' || source === 'file').length;
  const facts = { sources };
  if (warnings.length > 0) {
    return warn(messagesOf(warnings), remediesOf(warnings), { ...facts, codes: warnings.map(({ code }) => code) });
  }
  return pass(`All settings are valid: ${given} of ${Object.keys(sources).length} are set.`, facts);
}

function messagesOf(notices: readonly Notice[]): string {
  return notices.map(({ message }) => message).join(' ');
}

/** One remedy may be that of several. */
function remediesOf(notices: readonly Notice[]): string {
  return [...new Set(notices.flatMap(({ remedy }) => remedy ?? []))].join(' ');
}
