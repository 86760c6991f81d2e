/** The process of a node of the predecessor, which names none. */
export const PROVISIONAL_BOOT_ID = 'provisional';
