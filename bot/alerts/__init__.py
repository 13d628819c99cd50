"""The roads by which cadres are told of an alarm when no page of the console is open before them."""
