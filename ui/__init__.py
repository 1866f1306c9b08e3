"""The web page and the command line: clients of the bus like any other."""
