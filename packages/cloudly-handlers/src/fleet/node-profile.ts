/** What people have written about a node. Changes by compare-and-set, apart from the node's own record. */
export interface NodeProfile {
  nodeId: string;
  /** Counts the changes of the profile. */
  revision: number;
  /** Shown instead of the device's host name. */
  name?: string;
  /** At most 32, as in Kubernetes; only unscoped admins change those that a scope uses. */
  labels: Readonly<Record<string, string>>;
  notes?: string;
}
