/** Each behaviour by its name; it rejects where the client does not behave so. */
export const behaviours: Readonly<
  Record<string, (means: { start: (options?: object) => Promise<unknown> }) => Promise<void>>
>;
