"""Mathematics: engines, splits, metrics and statistics, true in any company; no bus, no I/O."""
