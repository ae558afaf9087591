"""The window's own small controls, painted from the theme's tokens."""
