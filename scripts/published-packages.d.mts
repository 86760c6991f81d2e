interface WorkspacePackage {
  folder: string;
  manifest: {
    name: string;
    version: string;
    private?: boolean;
    files: string[];
    dependencies?: Record<string, string>;
    publishConfig: { exports: Record<string, string | { types?: string }> };
  };
}

export declare const root: string;
/** Every package of the workspace: its folder and its package.json. */
export declare const workspacePackages: () => WorkspacePackage[];
/** Those that go to the registry. */
export declare const publishedPackages: () => WorkspacePackage[];
