"""Reads at the speed of PostgreSQL: one selection, one statement, its text on the wire.

Knows views, columns and relations as they are declared, and nothing of chambers.
"""
