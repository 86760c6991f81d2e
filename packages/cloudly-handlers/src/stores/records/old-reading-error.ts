/** What a change was decided from is no longer so. Undoes the transaction that throws it; nothing is wrong with the database. */
export class OldReadingError extends Error {}
