"""The only code that knows the outside: bus, objects, state, processes, telemetry."""
