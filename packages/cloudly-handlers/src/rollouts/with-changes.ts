/** Other values of some members; `undefined` removes one. */
export type Changes<Whole> = { [Key in keyof Whole]?: Whole[Key] | undefined };

export function withChanges<Whole extends object>(whole: Whole, changes: Changes<Whole>): Whole {
  const members = Object.entries({ ...whole, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members) as Whole;
}
