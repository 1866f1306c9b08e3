"""Facts to rows: what the page shows, remembered in the order of the stream. Pure: no clock, no I/O."""
