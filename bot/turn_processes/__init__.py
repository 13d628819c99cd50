"""Processes beside the serving one that load the engine and run turns."""
