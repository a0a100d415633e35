"""Benchmarks: what a build and a send cost, to be run by hand."""
