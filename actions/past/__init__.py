"""The time of a dispute: days that a worker names, and what the articles of the answer said then."""
