/** Whether what was checked is as recorded. */
export type Verdict =
  | {
      readonly matched: true;
      /** What it was matched with, for whoever wants to know. */
      readonly how: string;
      /** What everyone has to know of it all the same. */
      readonly remark?: string;
    }
  | { readonly matched: false; /** Such as `expected ..., got ...`. */ readonly why: string }
  /** It could not be checked at all: neither is known. */
  | { readonly matched: undefined; readonly why: string };
