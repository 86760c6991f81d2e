/**
 * The image's name with its tag, `latest` by default, or with only its digest.
 * @throws Error in the Supervisor's words for an invalid name.
 */
export function normaliseImageName(image: string): string {
  const parts = /^(?:(localhost|.*?[.:].*?)\/)?(.+?)(?::(.*?))?(?:@(.*?))?$/.exec(image);
  if (!parts) throw new Error(`Could not parse the image: ${image}`);
  const [, registry, name, tag, digest] = parts;
  if (!name || (digest && !isDigest(digest))) {
    throw new Error(`Invalid image name, expected [domain.tld/]repo/image[:tag][@digest] format, got: ${image}`);
  }
  const repository = registry ? `${registry}/${name}` : name;
  if (digest) return `${repository}@${digest}`;
  return `${repository}:${tag || 'latest'}`;
}

function isDigest(digest: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-f-A-F]{32,}$/.test(digest);
}
