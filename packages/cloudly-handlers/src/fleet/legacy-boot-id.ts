/** The process of a legacy node, which sends no boot ID. */
export const LEGACY_BOOT_ID = 'legacy';
