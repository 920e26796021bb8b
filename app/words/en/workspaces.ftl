## Workspaces.
