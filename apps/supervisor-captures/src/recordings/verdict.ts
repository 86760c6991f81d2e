/** Whether what was checked is as recorded. */
export type Verdict =
  | {
      matched: true;
      /** What it was matched with, for whoever wants to know. */
      how: string;
      /** What everyone has to know of it all the same. */
      remark?: string;
    }
  | { matched: false; /** Such as `expected ..., got ...`. */ why: string }
  /** It could not be checked at all: neither is known. */
  | { matched: undefined; why: string };
