/** The process of a legacy node, which names none. */
export const LEGACY_BOOT_ID = 'legacy';
