"""Channels: each takes in what workers write and brings them what the desk says."""
