"""Texts → a published index."""
