"""Statutes that a union brings itself: read from files, kept in its home, merged with the shipped laws at build."""
