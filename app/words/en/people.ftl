## People.
