## Comments.
