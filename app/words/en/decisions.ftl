## Decisions.
