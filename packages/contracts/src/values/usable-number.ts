/** A size, count or duration as the contract takes it: a whole number, not negative and exact. Others are left out. */
export function usableCount(value: number | undefined): number | undefined {
  const rounded = Math.round(value ?? Number.NaN);
  return Number.isSafeInteger(rounded) && rounded >= 0 ? rounded : undefined;
}

/** Left out where it is no number or lies outside. */
export function usableNumber(
  value: number | undefined,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {},
): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= min && value <= max ? value : undefined;
}
