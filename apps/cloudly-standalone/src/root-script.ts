/** How the root of the repository starts this program, with the Node that the checkout brings. */
export const rootScript = 'npm run -s cloudly --';
