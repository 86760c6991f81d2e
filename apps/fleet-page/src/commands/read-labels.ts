/** Labels as they are typed: `site=berlin canary=`, and `-old` to remove one. */
export function readLabels(text: string): Record<string, string | null> {
  const words = text.split(/[\s,]+/).filter(Boolean);
  return Object.fromEntries(
    words.map((word) => {
      if (word.startsWith('-')) return [word.slice(1), null];
      const [key = '', ...value] = word.split('=');
      return [key, value.join('=')];
    }),
  );
}
