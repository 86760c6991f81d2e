const units = [
  { name: 'day', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** A length of time for a person, in its largest unit: `48 s`, `3 min`, `2 h`, `1 day`, `40 days`. */
export function describeDuration(ms: number): string {
  const { name, ms: unitMs } = units.find((unit) => ms >= unit.ms) ?? { name: 's', ms: 1000 };
  const count = Math.max(0, Math.floor(ms / unitMs));
  return `${count} ${name === 'day' && count !== 1 ? 'days' : name}`;
}
