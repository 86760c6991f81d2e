import type { Verdict } from '../recordings/verdict.js';
import type { GateSituation } from './gate-situation.js';
import { playScript } from './play-script.js';
import { courseOf } from './recorded-course.js';
import { scriptsFor } from './scripts.js';

/**
 * Whether the emulator of that version gives the recorded answers in their order, around their times. What the answers do not
 * tell is tried in all ways that may be.
 */
export async function checkGate(situation: GateSituation): Promise<Verdict> {
  const course = courseOf(situation);
  const scripts = scriptsFor(situation, course);
  let best = { reached: -1, why: 'no script is possible' };
  for (const [index, script] of scripts.slice(0, mostScripts).entries()) {
    const { reached, why } = await playScript(situation, course, script);
    if (why === undefined)
      return { matched: true, how: `${describe(script)}, script ${index + 1} of ${scripts.length}` };
    if (reached > best.reached) best = { reached, why: `${why} (${describe(script)})` };
  }
  return { matched: false, why: `${best.reached} of ${situation.entries.length} answers; then ${best.why}` };
}

function describe(script: object): string {
  return Object.entries(script)
    .flatMap(([name, value]) => (value === undefined || value === false ? [] : [`${name} ${JSON.stringify(value)}`]))
    .join(', ');
}

const mostScripts = 100;
