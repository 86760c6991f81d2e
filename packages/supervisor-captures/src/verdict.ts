/** Whether what was checked is as recorded. */
export type Verdict =
  | { readonly matched: true; /** What it was matched with, for whoever wants to know. */ readonly how: string }
  | { readonly matched: false; /** Such as `expected ..., got ...`. */ readonly why: string };
