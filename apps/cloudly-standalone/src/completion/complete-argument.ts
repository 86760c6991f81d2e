/** The first argument of a command line by which a shell asks what may come next. */
export const completeArgument = '__complete';
