"""Scenario files: what people do, what goes wrong, and what is expected on their screens."""
