/**
 * Every problem by its code: what its document says, what an operator can do, and which endpoints answer it.
 *
 * @param contracts what the package exports
 */
export function problemTable({ problems, problemDocument }) {
  return Object.fromEntries(
    Object.entries(problems).map(([code, { status, title, remedy, endpoints }]) => [
      code,
      { code, status, type: problemDocument({ code }, {}).type, title, remedy, endpoints },
    ]),
  );
}
