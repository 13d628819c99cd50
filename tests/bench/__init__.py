"""`make bench`: speed and size of the desk, printed as one JSON object. Times of one machine; compare ratios."""
