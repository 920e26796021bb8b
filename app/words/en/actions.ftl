## Actions.
