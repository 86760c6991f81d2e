/** A file of the page as it is built. */
export interface PageFile {
  /** Below the page, with a hash of its content, such as `assets/main-3KX7QZ2P.js`. */
  path: string;
  mediaType: string;
  /** Its content, compressed by Brotli. */
  brotli: Uint8Array<ArrayBuffer>;
}

/** Which files the first load needs, by their paths. */
export interface PageManifest {
  script: string;
  /** What the script imports at once. */
  preloads: readonly string[];
  style: string;
}

export interface PageFiles {
  manifest: PageManifest;
  files: readonly PageFile[];
}
