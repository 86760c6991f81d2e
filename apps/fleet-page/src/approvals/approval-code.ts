/** A code without what does not matter in it. */
export function foldCode(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toUpperCase();
}

/** In groups of four, as people read it aloud. */
export function groupCode(code: string): string {
  return (
    foldCode(code)
      .match(/.{1,4}/g)
      ?.join(' ') ?? ''
  );
}
