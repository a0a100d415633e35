"""Astro's content collections and Starlight's blogs (https://docs.astro.build/)."""
