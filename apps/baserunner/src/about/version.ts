import manifest from '../../package.json' with { type: 'json' };

/** The version of this package; a bundle carries it along. */
export const { version } = manifest;
