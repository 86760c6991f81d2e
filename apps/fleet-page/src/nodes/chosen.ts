/** Which nodes an action is about. */
export interface Chosen {
  selector: string;
  count: number;
  isAll: boolean;
}
