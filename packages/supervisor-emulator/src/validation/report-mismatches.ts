import type { Mismatch, Path, Step } from './codec.js';

/**
 * Reports what is wrong with an input, one sentence for each place, in the order of their names. The branches of a choice
 * are reported together.
 */
export function reportMismatches(mismatches: readonly Mismatch[]): string[] {
  const places = new Map<string, Mismatch[]>();
  for (const mismatch of mismatches) {
    const place = placeOf(untilChoice(mismatch.path));
    places.set(place, [...(places.get(place) ?? []), mismatch]);
  }
  return [...places]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([place, there]) => {
      const [only, ...more] = there;
      if (only === undefined) return [];
      return more.length === 0 ? describeOne(place, only) : describeChoice(place, there);
    });
}

function describeOne(place: string, { path, value, reason }: Mismatch): string {
  const where = place === '' ? '' : ` at ${place}`;
  const why = reason === undefined ? '' : ` (${reason})`;
  return `Expecting ${shorten(path.at(-1)?.codec.name ?? '')}${where} but instead got: ${show(value)}${why}`;
}

function describeChoice(place: string, mismatches: readonly Mismatch[]): string[] {
  const branches = mismatches.map(({ path }) => branchOf(path)).filter((branch) => branch !== undefined);
  const [first] = branches;
  if (first === undefined) return [];
  const names = branches.map(({ codec }) => `    ${shorten(codec.name)}`).join('\n');
  const where = place === '' ? '\n' : `\nat ${place} `;
  return [`Expecting one of:\n${names}${where}but instead got: ${show(first.actual)}`];
}

/** The branch of the first choice in the path. */
function branchOf(path: Path): Step | undefined {
  const choice = path.findIndex(({ codec }) => codec.isChoice === true);
  return choice < 0 ? undefined : path[choice + 1];
}

function untilChoice(path: Path): Path {
  const choice = path.findIndex(({ codec }) => codec.isChoice === true);
  return choice < 0 ? path : path.slice(0, choice + 1);
}

function placeOf(path: Path): string {
  return path
    .map(({ key }) => key)
    .filter((key) => key !== '')
    .join('.');
}

function shorten(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 3)}...` : name;
}

function show(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

const longestName = 160;
