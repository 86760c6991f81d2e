import type { JSX } from 'preact';

/** Lines of the height of what will replace them. */
export function Skeleton({ lines = 3 }: { lines?: number }): JSX.Element {
  return (
    <div class="box pad stack" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <span class="sk l" key={index} />
      ))}
    </div>
  );
}
