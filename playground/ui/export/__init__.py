"""Pictures as vectors, the export dialog, and dragging pictures out of the window."""
