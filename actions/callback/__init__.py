"""Booking a telephone call with a cadre: number, time, how the caller is named, whether a message may be left."""
