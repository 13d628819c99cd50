"""Joining the union: consent, name, mobile, employer, district, a look over it, a case number.

The desk registers an application; whether somebody becomes a member is decided by the grassroots union.
"""
