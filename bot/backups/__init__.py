"""Backups: one archive with the records and the sealed originals; the keys apart; and the way back."""
