"""People: the directory, and each person's file."""
