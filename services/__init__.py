"""The five services; each has the same rooms, and none imports another."""
