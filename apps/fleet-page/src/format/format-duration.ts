const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** A duration in two units at most, such as `2 h 48 min`; from two days on, in days alone. */
export function formatDuration(durationMs: number): string {
  let seconds = Math.max(0, Math.round(durationMs / 1000));
  const at = units.findIndex(([, size]) => seconds >= size);
  if (at === -1) return '0 s';
  // More precise than anybody asks for: seconds beside minutes from ten of them on, and hours beside two days.
  const [, largest] = units[at] ?? ['s', 1];
  const count = Math.floor(seconds / largest);
  const hasSecond = largest > 1 && !(largest === 60 && count >= 10) && !(largest === 86_400 && count >= 2);
  const parts: string[] = [];
  for (const [unit, size] of units.slice(at, at + (hasSecond ? 2 : 1))) {
    const whole = Math.floor(seconds / size);
    if (whole > 0) parts.push(`${whole} ${unit}`);
    seconds -= whole * size;
  }
  return parts.join(' ');
}
