"""Records, cases, the live desk, screening and the console: everything a person at the union works with."""
