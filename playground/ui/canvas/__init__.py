"""The network canvas: the picture of the network that is also its editor."""
