import type { PageManifest } from '../build/page-file.js';

/** The page before its script has begun. Nothing in it is inline, as the policy demands. */
export function pageHtml({ script, preloads, style }: PageManifest, prefix: string): string {
  const url = (path: string): string => `${prefix}/${path}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex">',
    '<title>Cloudly</title>',
    '<link rel="icon" href="data:,">',
    `<link rel="stylesheet" href="${url(style)}">`,
    ...preloads.map((path) => `<link rel="modulepreload" href="${url(path)}">`),
    `<script type="module" src="${url(script)}"></script>`,
    '</head>',
    '<body><noscript>Cloudly needs JavaScript. Operators can also use its command line.</noscript></body>',
    '</html>',
    '',
  ].join('\n');
}
