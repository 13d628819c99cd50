"""The web view of a simulator: phones of several people, what the platform did, and the switches of its faults."""
