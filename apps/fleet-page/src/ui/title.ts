import { useEffect } from 'preact/hooks';

/** Names the view in the tab, and tells whoever cannot see it that it is another one. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Cloudly`;
  }, [title]);
}
