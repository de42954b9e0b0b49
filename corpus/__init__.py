"""The law as data: the types, names and texts that every other folder uses."""
