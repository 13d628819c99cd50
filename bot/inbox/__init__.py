"""The inbox: what platforms push is stored here before it is acknowledged, and taken in afterwards, in order."""
