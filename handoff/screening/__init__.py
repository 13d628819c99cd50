"""Screening: notices a person in danger, before anything else looks at the message."""
