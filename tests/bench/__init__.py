"""Benchmarks: ratios measured in one run, so that they hold on a machine of any speed."""
