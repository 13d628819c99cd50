"""The cadre's web console: sign in, see who waits, take over a talk, answer, give it back."""
