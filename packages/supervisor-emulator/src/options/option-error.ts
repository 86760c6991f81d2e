/** An option of `createSupervisor` that cannot be used. To callers it is a TypeError like any other. */
export class OptionError extends TypeError {
  /** Such as `apps[0].appId`. */
  readonly option: string;
  /** Such as `must be a positive integer.` */
  readonly problem: string;

  constructor(option: string, problem: string) {
    super(`createSupervisor: ${option} ${problem}`);
    this.option = option;
    this.problem = problem;
  }
}
