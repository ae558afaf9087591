"""tinyml playground: see how a neural network learns, down to the single derivative."""
