/** Whether what was checked is as recorded. */
export type Verdict =
  | {
      matched: true;
      /** What it was matched with, for the detailed report. */
      how: string;
      /** The important part, which is always reported. */
      remark?: string;
    }
  | { matched: false; /** Such as `expected ..., got ...`. */ why: string }
  /** It could not be checked at all: neither is known. */
  | { matched: undefined; why: string };
