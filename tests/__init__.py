"""The suite: one folder a floor, one file a noun; contracts hold the floors against each other."""
