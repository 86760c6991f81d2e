/** A value of the package, or a member of one. */
export interface Place {
  /** From the name of the export on, with dots between. */
  path: string;
  /** Empty or absent if there is none. */
  docstring: string | undefined;
  /** @throws TypeError if there is no such member. */
  at: (key: string | number) => Place;
}

/** Gives the place of an export by its name. */
export type PlaceOf = (name: string) => Place;

/** The docstrings of what the package exports, read from its sources. */
export declare const readDocstrings: () => PlaceOf;
